/** What a counter can open without, and then has at hand: making good, a new card's code, the settings. */
export { undoLeft } from "./vouchers.js";
export { CaseList } from "./views/case-list.js";
export { CaseWork } from "./views/cases.js";
export { NewCard } from "./views/new-card.js";
export { Settings } from "./views/settings.js";
export { CardVouchers, Slip } from "./views/vouchers.js";
