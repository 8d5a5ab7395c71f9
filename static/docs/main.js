/** The API as a page to read, made from /openapi.json: every endpoint, every answer, every type. English, for developers. */
import { html, render, useState } from "../js/html.js";
import { Schema } from "./schema.js";
import { Text } from "./text.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const PEOPLE = {
  owner: "the owner", till: "a till", software: "other software", customer: "the card's customer", "": "anyone",
};

const api = await (await fetch("/openapi.json")).json();
const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })));

const page = document.getElementById("page");
page.replaceChildren();
render(html`<${Docs} />`, page);
document.getElementById(location.hash.slice(1))?.scrollIntoView();

function Docs() {
  const [wanted, setWanted] = useState("");
  const fits = ({ path, method, description }) =>
    wanted.toLowerCase().split(/\s+/).every((word) => `${method} ${path} ${description}`.toLowerCase().includes(word));
  const groups = api.tags
    .map((tag) => ({ ...tag, operations: operations.filter((each) => each.tags.includes(tag.name) && fits(each)) }))
    .filter((group) => group.operations.length);
  return html`
    <a class="skip button" href="#content">To the endpoints</a>
    <header class="top row">
      <h1>Tenth <span class="soft">the API</span></h1>
      <a href="/openapi.json">openapi.json</a>
    </header>
    <div class="frame">
      <nav class="side" aria-label="Endpoints">
        <div class="field"><label for="wanted">Find</label>
          <input id="wanted" type="search" value=${wanted} onInput=${(event) => setWanted(event.target.value)} /></div>
        ${groups.map((group) => html`
          <h2 key=${group.name}>${group.name}</h2>
          <ul role="list">${group.operations.map((each) => html`
            <li key=${each.operationId}><a href=${`#${each.operationId}`}><${Method} of=${each.method} />
              <span>${short(each.path)}</span></a></li>`)}</ul>`)}
        <h2>more</h2>
        <ul role="list">
          <li><a href="#webhooks">What webhooks send</a></li>
          <li><a href="#types">Types</a></li>
        </ul>
      </nav>
      <main id="content" tabindex="-1">
        <p><${Text} of=${api.info.description} /></p>
        ${groups.length === 0 && html`<p class="empty" role="status">Nothing is called like this.</p>`}
        ${groups.map((group) => html`
          <section key=${group.name} class="group"><h2>${group.name}</h2><p class="soft">${group.description}</p>
            ${group.operations.map((each) => html`<${Operation} key=${each.operationId} of=${each} />`)}</section>`)}
        <${Webhooks} />
        <${Types} />
      </main>
    </div>`;
}

function Operation({ of: { operationId, method, path, summary, description, security, parameters, requestBody, responses } }) {
  const body = content(requestBody);
  const more = description.slice(summary.length + 1).trim();
  const answers = Object.entries(responses).map(([status, each]) => ({ status, ...resolved(each) }));
  const [problems, good] = [answers.filter(isProblem), answers.filter((each) => !isProblem(each))];
  return html`
    <article class="panel" id=${operationId}>
      <h3><a href=${`#${operationId}`}>${summary}</a></h3>
      <p class="address"><${Method} of=${method} /> <code>${path}</code></p>
      ${more && html`<p><${Text} of=${more} /></p>`}
      <p>For ${who(security)}.</p>
      ${parameters?.length > 0 && html`<h4>Parameters</h4><${Schema} of=${asObject(parameters)} />`}
      ${body && html`<h4>Body <span class="soft">${body.type}</span></h4><${Schema} of=${resolved(body.schema)} />`}
      <h4>Answer</h4>
      <dl>${good.map(({ status, ...answer }) => html`
        <dt><span class="chip good">${status}</span></dt><dd><${Answer} of=${content(answer)} /></dd>`)}</dl>
      <details><summary>What can go wrong</summary>
        <dl>${problems.map(({ status, description: text }) => html`
          <dt><span class="chip">${status}</span></dt><dd><${Text} of=${text} /></dd>`)}</dl></details>
    </article>`;
}

function Answer({ of: found }) {
  return found ? html`<span class="soft">${found.type}</span> <${Schema} of=${found.schema} />` : "nothing";
}

function Webhooks() {
  return html`
    <section class="group" id="webhooks"><h2>What webhooks send</h2>
      ${Object.entries(api.webhooks).map(([name, { post }]) => html`
        <article class="panel" key=${name}>
          <h3>${name}</h3>
          <p>${post.summary}</p>
          <h4>Headers</h4><${Schema} of=${asObject(post.parameters)} />
          <h4>Body</h4><${Schema} of=${content(post.requestBody).schema} />
        </article>`)}
    </section>`;
}

function Types() {
  return html`
    <section class="group" id="types"><h2>Types</h2>
      ${Object.entries(api.components.schemas).map(([name, schema]) => html`
        <article class="panel" key=${name} id=${`type-${name}`}>
          <h3><a href=${`#type-${name}`}>${name}</a></h3>
          ${schema.description && html`<p><${Text} of=${schema.description} /></p>`}
          <${Schema} of=${{ ...schema, description: undefined }} />
        </article>`)}
    </section>`;
}

function Method({ of }) {
  return html`<span class=${`method ${of}`}>${of.toUpperCase()}</span>`;
}

function short(path) {
  return path.replace("/api/v1", "");
}

/** What a reference stands for. */
function resolved(part) {
  const [, , kind, name] = part?.$ref?.split("/") ?? [];
  return name ? api.components[kind][name] : part;
}

function isProblem(answer) {
  return content(answer)?.type === "application/problem+json";
}

function content(part) {
  const [found] = Object.entries(part?.content ?? {});
  return found && { type: found[0], schema: found[1].schema };
}

/** Parameters, as the object they would be. */
function asObject(parameters) {
  const named = parameters.map(({ name, in: place, schema, description }) =>
    [name, { ...schema, description: description ?? schema.description, place }]);
  return {
    type: "object", properties: Object.fromEntries(named),
    required: parameters.filter((each) => each.required).map(({ name }) => name),
  };
}

function who(security) {
  const names = security.map((way) => PEOPLE[Object.keys(way).filter((name) => name !== "csrf")[0] ?? ""]);
  const proof = security.some((way) => way.csrf) ? "; a sign-in by cookie also sends X-CSRF-Token" : "";
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names) + proof;
}
