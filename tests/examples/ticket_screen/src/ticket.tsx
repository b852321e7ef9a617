// One ticket: its thread, and what can be done with it.
import { useState } from "preact/hooks";
import { type Api, body, type Status, type Tag, type Ticket, type TicketChange, type TicketDetail, type User } from "./api";
import { type Loaded, useLoaded } from "./load";
import { Thread } from "./thread";

interface Props {
  api: Api;
  id: number;
  members: User[];
  tags: Tag[];
  notify: (message: string) => void;
  onSaved: (ticket: TicketChange) => void;
  onClose: () => void;
}

export function TicketView({ api, id, members, tags, notify, onSaved, onClose }: Props) {
  const path = { params: { path: { id } } };
  const ticket = useLoaded(
    async (signal) => (await body(api.GET("/api/tickets/{id}", { ...path, signal }))).ticket,
    [id],
  );
  const save = (shown: Partial<Ticket>, send: () => Promise<{ ticket: Ticket }>) =>
    saveOptimistically(ticket, shown, send, onSaved, notify);

  const setStatus = (status: Status) =>
    save({ status }, () => body(api.PUT("/api/tickets/{id}/status", { ...path, body: { status } })));
  const setAssignee = (user: User | null) =>
    save({ assignee: user }, () =>
      body(api.PUT("/api/tickets/{id}/assignee", { ...path, body: { user_id: user?.id ?? null } })),
    );
  const setTag = (tag: Tag, on: boolean) => {
    const others = (ticket.value?.tags ?? []).filter((each) => each.id !== tag.id);
    const place = { params: { path: { id, tag: tag.id } } };
    const address = "/api/tickets/{id}/tags/{tag}";
    const send = () => body(on ? api.POST(address, place) : api.DELETE(address, place));
    return save({ tags: on ? [...others, tag] : others }, send);
  };
  const write = async (kind: "reply" | "note", text: string) => {
    await body(api.POST(`/api/tickets/{id}/${kind}`, { ...path, body: { body: paragraphs(text) } }));
    ticket.reload();
    const { ticket: saved } = await body(api.GET("/api/tickets/{id}", path));
    onSaved(saved);
  };

  if (ticket.error && !ticket.value) {
    return (
      <section class="ticket" aria-label="Ticket">
        <div role="alert" class="failure">
          <p>The ticket could not be loaded. {ticket.error.message}</p>
          <button onClick={ticket.reload}>Try again</button>
          <button onClick={onClose}>Back to the inbox</button>
        </div>
      </section>
    );
  }
  if (!ticket.value) return <section class="ticket" aria-label="Ticket" aria-busy="true">Loading the ticket…</section>;
  const { subject, status, assignee, channel } = ticket.value;
  return (
    <section class="ticket" aria-label="Ticket" aria-busy={ticket.loading}>
      <button class="back" onClick={onClose}>Back to the inbox</button>
      <h2>{subject || "(no subject)"}</h2>
      <p class="quiet">#{id} in {channel.name}</p>
      <div class="controls">
        <label>
          Ticket status
          <select value={status} onChange={(event) => setStatus(event.currentTarget.value as Status)}>
            <option>open</option>
            <option>closed</option>
            <option>spam</option>
          </select>
        </label>
        <label>
          Assignee
          <select
            value={assignee?.id ?? 0}
            onChange={(event) => setAssignee(userOf(members, Number(event.currentTarget.value)))}
          >
            <option value={0}>nobody</option>
            {withAssignee(members, assignee).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        <TagEditor chosen={ticket.value.tags} tags={tags} onChange={setTag} />
      </div>
      <Thread ticket={ticket.value} />
      <MessageForm write={write} notify={notify} />
    </section>
  );
}

// <optimistic>
/** Show a change at once; take these fields alone back, and say so, when the server refuses it. */
async function saveOptimistically(
  ticket: Loaded<TicketDetail>,
  shown: Partial<Ticket>,
  send: () => Promise<{ ticket: Ticket }>,
  onSaved: (ticket: TicketChange) => void,
  notify: (message: string) => void,
) {
  if (!ticket.value) return;
  const { id, status, assignee, tags } = ticket.value;
  const fields = Object.keys(shown);
  const before = Object.fromEntries(Object.entries({ status, assignee, tags }).filter(([name]) => fields.includes(name)));
  const show = (change: Partial<Ticket>) => {
    ticket.change((value) => ({ ...value, ...change }));
    onSaved({ ...change, id });
  };
  show(shown);
  try {
    onSaved((await send()).ticket);
    ticket.reload(); // the activity log has a new entry
  } catch (error) {
    show(before);
    notify(`Not saved: ${(error as Error).message}`);
  }
}
// </optimistic>

interface TagEditorProps {
  chosen: Tag[];
  tags: Tag[];
  onChange: (tag: Tag, on: boolean) => void;
}

function TagEditor({ chosen, tags, onChange }: TagEditorProps) {
  const free = tags.filter((tag) => !chosen.some((each) => each.id === tag.id));
  const add = (id: number) => {
    const tag = free.find((each) => each.id === id);
    if (tag) onChange(tag, true);
  };
  return (
    <fieldset>
      <legend>Tags</legend>
      {chosen.map((tag) => (
        <button key={tag.id} class="badge" onClick={() => onChange(tag, false)} aria-label={`Remove tag ${tag.name}`}>
          {tag.name} ×
        </button>
      ))}
      <select aria-label="Add tag" value={0} onChange={(event) => add(Number(event.currentTarget.value))}>
        <option value={0}>add…</option>
        {free.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
    </fieldset>
  );
}

interface MessageFormProps {
  write: (kind: "reply" | "note", text: string) => Promise<void>;
  notify: (message: string) => void;
}

function MessageForm({ write, notify }: MessageFormProps) {
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const send = async (kind: "reply" | "note") => {
    setSending(true);
    try {
      await write(kind, text);
      setText("");
    } catch (error) {
      notify(`Not sent: ${(error as Error).message}`);
    } finally {
      setSending(false);
    }
  };
  return (
    <form class="write" onSubmit={(event) => event.preventDefault()}>
      <label>
        Message
        <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button disabled={sending || !text.trim()} onClick={() => send("reply")}>Send reply</button>
      <button disabled={sending || !text.trim()} onClick={() => send("note")}>Add note</button>
    </form>
  );
}

function paragraphs(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return safe.split(/\n{2,}/).map((part) => `<p>${part.replaceAll("\n", "<br>")}</p>`).join("");
}

function userOf(members: User[], id: number): User | null {
  return members.find((member) => member.id === id) ?? null;
}

/** Return the members, with an assignee who has left. */
function withAssignee(members: User[], assignee: User | null): User[] {
  return assignee && !userOf(members, assignee.id) ? [...members, assignee] : members;
}
