// The list of tickets: states, rows and pages.
import type { Ticket, TicketPage } from "./api";
import type { Loaded } from "./load";
import { ago } from "./time";

interface Props {
  page: Loaded<TicketPage>;
  chosen: number | null;
  onChoose: (id: number) => void;
  onPage: (number: number) => void;
}

export function Inbox({ page, chosen, onChoose, onPage }: Props) {
  const { value, error, loading, reload } = page;
  return (
    <section class="inbox" aria-label="Inbox" aria-busy={loading}>
      <p role="status" class="count">{summary(page)}</p>
      {error && (
        <div role="alert" class="failure">
          <p>The tickets could not be loaded. {error.message}</p>
          <button onClick={reload}>Try again</button>
        </div>
      )}
      {value?.data.length === 0 && !error && <p class="empty">No ticket meets these filters.</p>}
      <ul>
        {value?.data.map((ticket) => (
          <li key={ticket.id}>
            <button aria-current={ticket.id === chosen} onClick={() => onChoose(ticket.id)}>
              <Row ticket={ticket} />
            </button>
          </li>
        ))}
      </ul>
      {value && value.meta.last_page > 1 && (
        <nav aria-label="Pages">
          <button disabled={value.meta.current_page <= 1} onClick={() => onPage(value.meta.current_page - 1)}>
            Previous page
          </button>
          <button
            disabled={value.meta.current_page >= value.meta.last_page}
            onClick={() => onPage(value.meta.current_page + 1)}
          >
            Next page
          </button>
        </nav>
      )}
    </section>
  );
}

function summary({ value, loading }: Loaded<TicketPage>): string {
  if (!value) return loading ? "Loading tickets…" : "";
  const { total, current_page, last_page } = value.meta;
  return `${total} ${total === 1 ? "ticket" : "tickets"}, page ${current_page} of ${last_page}`;
}

function Row({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <span class="line">
        <strong>{ticket.subject || "(no subject)"}</strong>
        <time dateTime={ticket.updated_at}>{ago(ticket.updated_at)}</time>
      </span>
      <span class="line quiet">
        <span>{ticket.contact.name ?? ticket.contact.email}</span>
        <span>{ticket.assignee?.name ?? "unassigned"}</span>
      </span>
      <span class="preview">{ticket.latest_message_preview}</span>
      <span>
        <span class={`badge ${ticket.status}`}>{ticket.status}</span>
        {ticket.tags.map((tag) => <span key={tag.id} class="badge">{tag.name}</span>)}
      </span>
    </>
  );
}
