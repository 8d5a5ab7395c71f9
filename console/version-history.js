/** What a programme promised when, and any two of its versions side by side. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { dayAndTime, duration } from "../static/js/time.js";
import { locale, t } from "../static/js/words.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";
import { Changes } from "./terms-text.js";

const MONEY = ["unit_cost", "unit_price", "spend_per_stamp"];
const NOTHING = "–";

export const VersionHistory = ({ programme, versions, business }) => html`
  <section class="panel stack">
    <h2>${t("console.programme.history")}</h2>
    <ol class="lines" role="list">${versions.map((version, i) => html`
      <${Version} key=${version.version} version=${version} before=${versions[i + 1]} business=${business} />`)}</ol>
    ${versions.length > 1 && html`
      <${Compare} key=${programme.version} programme=${programme} versions=${versions} business=${business} />`}
  </section>`;

/** What one version changed; the first one says everything it promised. */
function Version({ version, before, business }) {
  const policy = before && t(`console.policy.${version.policy}`); // the first one met no cards
  const under = [dayAndTime(version.created_at, business.time_zone), version.author, policy];
  return html`
    <li class="version">
      <span class="chip">${t("console.programme.version", { n: version.version })}</span>
      <div class="grow">
        ${version.note && html`<p><strong>${version.note}</strong></p>`}
        <${Changes} terms=${version.terms} before=${before?.terms} currency=${business.currency} />
        <p class="soft">${under.filter(Boolean).join(" · ")}</p>
      </div>
    </li>`;
}

function Compare({ programme, versions, business }) {
  const [[from, to], choose] = useState([versions[1].version, versions[0].version]);
  const [isOpen, open] = useState(false);
  const pick = (label, chosen, onPick) => html`
    <label class="field">${t(label)}
      <select onChange=${({ target }) => onPick(Number(target.value))}>
        ${versions.map(({ version: n }) => html`
          <option key=${n} value=${n} selected=${n === chosen}>${t("console.programme.version", { n })}</option>`)}
      </select></label>`;
  return html`
    <details onToggle=${({ target }) => open(target.open)}><summary>${t("console.compare.title")}</summary>
      <div class="stack">
        <div class="row">
          ${pick("console.compare.from", from, (n) => choose([n, to]))}
          ${pick("console.compare.to", to, (n) => choose([from, n]))}
        </div>
        ${isOpen && html`
          <${Differences} key=${`${from}/${to}`} programme=${programme} from=${from} to=${to}
            currency=${business.currency} />`}
      </div>
    </details>`;
}

function Differences({ programme, from, to, currency }) {
  const found = useLoad(() =>
    service.get(`/programmes/${programme.id}/versions/compare?from=${from}&to=${to}`));
  return html`<${Loaded} of=${found}>${({ before, after, differences }) => {
    const rows = differences.filter((one) => isSet(one.before) || isSet(one.after));
    if (rows.length === 0) return html`<p class="soft">${t("console.compare.same")}</p>`;
    return html`
      <div class="table-scroll" tabindex="0" role="region" aria-label=${t("console.compare.title")}>
        <table class="table wraps">
          <thead><tr>
            <th scope="col">${t("console.compare.what")}</th>
            <th scope="col">${t("console.programme.version", { n: from })}</th>
            <th scope="col">${t("console.programme.version", { n: to })}</th>
          </tr></thead>
          <tbody>${rows.map((row) => html`
            <tr key=${row.field}>
              <th scope="row">${fieldText(row.field, [after.terms, before.terms])}</th>
              <td>${valueText(row.field, row.before, currency)}</td>
              <td>${valueText(row.field, row.after, currency)}</td>
            </tr>`)}</tbody>
        </table>
      </div>`;
  }}</${Loaded}>`;
}

/** Of a gift that only one of them has, what was not chosen there either is not worth a line. */
const isSet = (value) => value !== null && value !== false && value !== 0 && value.length !== 0;

/** "tiers/2/at" is "A free coffee: comes at stamp". */
function fieldText(field, [after, before]) {
  const [list, key, name] = field.split("/");
  if (!name) return t(`console.field.${list}`);
  const { reward } = [...after.tiers, ...before.tiers].find((tier) => tier.key === Number(key));
  return t("console.compare.of_tier", { reward, field: t(`console.field.${name}`) });
}

function valueText(field, value, currency) {
  const name = field.split("/").at(-1);
  if (value === null || value === undefined) return NOTHING;
  if (name === "choices") return value.length > 0 ? choicesText(value, currency) : NOTHING;
  if (name === "stamp_for") return t(`console.terms.for_${value}`);
  if (name === "cooldown_seconds") return value ? duration(value) : t("console.terms.no_pause");
  if (MONEY.includes(name)) return money(value, currency);
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  return typeof value === "number" ? t("console.number", { n: value }) : value;
}

function choicesText(choices, currency) {
  const texts = choices.map(({ name, unit_cost: cost, unit_price: price }) =>
    t("console.compare.choice", { name, cost: money(cost, currency), price: money(price, currency) }));
  return new Intl.ListFormat(locale(), { type: "unit" }).format(texts);
}
