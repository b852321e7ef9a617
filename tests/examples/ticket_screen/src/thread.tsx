// The messages and activities of a ticket, by time.
import DOMPurify from "dompurify";
import type { Activity, Message, TicketDetail } from "./api";
import { ago } from "./time";

type Entry = { at: string; message: Message } | { at: string; activity: Activity };

export function Thread({ ticket }: { ticket: TicketDetail }) {
  const entries: Entry[] = [
    ...ticket.messages.map((message) => ({ at: message.created_at, message })),
    ...ticket.activities.map((activity) => ({ at: activity.created_at, activity })),
  ];
  entries.sort((one, other) => one.at.localeCompare(other.at));
  return (
    <ol class="thread" aria-label="Thread">
      {entries.map((entry, index) => (
        <li key={index}>{"message" in entry ? <Said {...entry.message} /> : <Done {...entry.activity} />}</li>
      ))}
    </ol>
  );
}

const KINDS = { inbound: "wrote", outbound: "replied", note: "noted" };

function Said({ type, is_forward, sender, body_html, attachments, created_at }: Message) {
  return (
    <article class={`message ${type}`}>
      <header>
        <strong>{sender.name ?? sender.email}</strong> {is_forward ? "forwarded" : KINDS[type]}{" "}
        <time dateTime={created_at}>{ago(created_at)}</time>
      </header>
      <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(body_html) }} />
      {attachments.map((file) => <a key={file.id} href={file.url} download>{file.name}</a>)}
    </article>
  );
}

function Done({ type, user, created_at }: Activity) {
  return (
    <p class="activity">
      {type.replaceAll("_", " ")} by {user?.name ?? "an automation"} <time dateTime={created_at}>{ago(created_at)}</time>
    </p>
  );
}
