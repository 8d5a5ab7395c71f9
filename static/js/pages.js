/** Lists that the service gives page by page. */
import { BASE } from "./api.js";

/** One page of a list: {items, next}, where next is the path of the following page or null. */
export async function pageOf(api, path) {
  const { body, link } = await api.fresh(path);
  return { items: body.items, next: nextPath(link) };
}

/** The following page's address as a path that `api` takes, or null. */
function nextPath(link) {
  const next = /<([^>]+)>;\s*rel="?next/.exec(link)?.[1];
  if (!next) return null;
  const url = new URL(next, location.href);
  return (url.pathname + url.search).replace(BASE, "");
}
