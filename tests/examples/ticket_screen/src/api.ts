// The Tickets API: a client whose types are generated from the mock's OpenAPI document.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Ticket = components["schemas"]["Ticket"];
export type TicketChange = Partial<Ticket> & Pick<Ticket, "id">;
export type TicketPage = components["schemas"]["TicketPage"];
export type TicketDetail = components["schemas"]["TicketDetail"];
export type Message = components["schemas"]["Message"];
export type Activity = components["schemas"]["Activity"];
export type Status = Ticket["status"];
export type User = components["schemas"]["User"];
export type Tag = components["schemas"]["Tag"];
export type Channel = components["schemas"]["Channel"];
export type Api = ReturnType<typeof createApi>;

/** A response that is no success. */
export class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message || `The server answered ${status}.`);
  }
}

/** `onWait` gets the seconds until a request is repeated, and 0 when it is. */
export function createApi(token: string, onWait: (seconds: number) => void) {
  const client = createClient<paths>({
    baseUrl: location.origin,
    fetch: repeatWhenLimited(onWait),
    querySerializer: { array: { style: "form", explode: false } },
  });
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
      request.headers.set("Accept", "application/json");
    },
  });
  return client;
}

/** Repeat a request that the rate limit refuses, after the seconds that the response names. */
function repeatWhenLimited(onWait: (seconds: number) => void) {
  return async (request: Request): Promise<Response> => {
    for (;;) {
      const response = await fetch(request.clone());
      if (response.status !== 429) return response;
      const seconds = Number(response.headers.get("Retry-After")) || 1;
      onWait(seconds);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      onWait(0);
    }
  };
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Return the body of a success; throws Refusal. */
export async function body<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw new Refusal(response.status, messageOf(error));
  return data as T;
}

function messageOf(error: unknown): string {
  const found = typeof error === "object" && error !== null && "message" in error;
  return found && typeof error.message === "string" ? error.message : "";
}
