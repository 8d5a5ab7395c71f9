/** The owner's line to the service; when the service says "sign in", whoever listens hears it. */
import { connect } from "../static/js/api.js";

const SIGN_IN_NEEDED = 401;
let onSignedOut = () => {};

export const service = Object.fromEntries(
  Object.entries(connect({ principal: "owner" })).map(([name, call]) => [name,
    (...request) => call(...request).catch(heard)]),
);

/** Call `listener` when the service no longer knows who we are. */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

function heard(problem) {
  if (problem.status === SIGN_IN_NEEDED) onSignedOut();
  throw problem;
}

/** A path with its query; what is empty is left out. */
export function withQuery(path, query) {
  const wanted = Object.entries(query).filter(([, value]) => value !== "" && value !== null
    && value !== undefined);
  return wanted.length ? `${path}?${new URLSearchParams(wanted)}` : path;
}
