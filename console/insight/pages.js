/** The five questions an owner has, each a page; they come when one of them is first asked. */
import { DidItWork } from "./did-it-work.js";
import { Doing } from "./doing.js";
import { Owing } from "./owing.js";
import { Slipping } from "./slipping.js";
import { WhatIf } from "./what-if.js";

export const PAGES = {
  doing: Doing, slipping: Slipping, "what-if": WhatIf, "did-it-work": DidItWork, owing: Owing,
};
