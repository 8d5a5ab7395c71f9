/** What stands below the card, or is seldom opened: fetched once the card is there. See later.js. */
export { Cases } from "./cases.js";
export { Details } from "./details.js";
export { NewPhone } from "./new-phone.js";
export { SlipPage } from "./slip.js";
