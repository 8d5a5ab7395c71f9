/** One way to talk to the service: JSON out, JSON back, every failure a Problem the page has words for. */
import { has, t } from "./words.js";

export const BASE = "/api/v1";

// Ten seconds: past that a person has given up. The till passes a shorter time of its own.
const ANSWER_TIMEOUT_MS = 10_000;

/** What went wrong: the service's own answer, or "unreachable" / "no_answer" when there was none. */
export class Problem extends Error {
  constructor(code, { status = 0, body = {}, retryAfterSeconds = null } = {}) {
    super(body.detail ?? body.title ?? code);
    this.code = code;
    this.status = status;
    this.body = body;
    this.why = body.why ?? null;
    this.errors = body.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** True when the request may simply be sent again later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** One sentence for the reader. */
  get words() {
    return problemWords(this.code, { retry_after_seconds: this.retryAfterSeconds, ...this.body });
  }
}

/** In a catch: the Problem to show, while a mistake in the page's own code goes on its way. */
export function problemIn(trouble) {
  if (trouble instanceof Problem) return trouble;
  throw trouble;
}

/** The sentence for a problem code, or the general one. */
export function problemWords(code, params = {}) {
  return t(has(`problem.${code}`) ? `problem.${code}` : "problem.unexpected", { code, ...params });
}

/**
 * A way to call the service as one principal.
 * @param {{principal?: "owner"|"till", key?: () => string|null, timeoutMs?: number}} who
 *   principal: whose cookie it is, so that its proof is sent with every change; key: gives a card's key
 */
export function connect({ principal = null, key = () => null, timeoutMs = ANSWER_TIMEOUT_MS } = {}) {
  const call = async (method, path, body, options = {}) => {
    const { idempotencyKey, etag } = options;
    const sent = { Accept: "application/json", ...options.headers };
    const isJson = body !== undefined && !(body instanceof Blob);
    if (isJson) sent["Content-Type"] = "application/json";
    if (key()) sent.Authorization = `Bearer ${key()}`;
    if (etag) sent["If-None-Match"] = etag;
    if (idempotencyKey) sent["Idempotency-Key"] = idempotencyKey;
    if (principal && method !== "GET") sent["X-CSRF-Token"] = csrfProof(principal);
    const content = isJson ? JSON.stringify(body) : body;
    try {
      const answer = await fetch(path.startsWith("/") ? BASE + path : path, {
        method,
        headers: sent,
        body: content,
        cache: "no-store",
        signal: AbortSignal.timeout(options.timeoutMs ?? timeoutMs),
      });
      if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
      return await read(answer);
    } catch (trouble) {
      if (trouble instanceof Problem) throw trouble;
      throw new Problem(trouble.name === "TimeoutError" ? "no_answer" : "unreachable");
    }
  };
  const bodyOf = async (...request) => (await call(...request)).body;

  return {
    get: (path, options) => bodyOf("GET", path, undefined, options),
    post: (path, body = {}, options) => bodyOf("POST", path, body, options),
    put: (path, body, options) => bodyOf("PUT", path, body, options),
    patch: (path, body, options) => bodyOf("PATCH", path, body, options),
    delete: (path, options) => bodyOf("DELETE", path, undefined, options),
    /** {status: 200, body, etag, link} or {status: 304} when nothing changed since etag. */
    fresh: (path, etag, options) => call("GET", path, undefined, { ...options, etag }),
  };
}

/** A key that makes sending the same form twice harmless; keep it for as long as the form stays the same. */
export const idempotencyKey = () => crypto.randomUUID();

async function read(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  const isBare = answer.status === 204 || answer.status === 304;
  return {
    status: answer.status,
    body: isBare ? null : await (type.includes("json") ? answer.json() : answer.blob()),
    etag: answer.headers.get("ETag"),
    link: answer.headers.get("Link"),
  };
}

async function problemOf(answer) {
  const body = await answer.json().catch(() => ({}));
  const retryAfterSeconds = Number(answer.headers.get("Retry-After")) || null;
  return new Problem(body.code ?? "unexpected", { status: answer.status, retryAfterSeconds, body });
}

/** What only a page of our own can read: the proof that it, and not a stranger's page, asks for a change. */
function csrfProof(principal) {
  return new RegExp(`__Host-${principal}-csrf=([^;]*)`).exec(document.cookie)?.[1] ?? "";
}
