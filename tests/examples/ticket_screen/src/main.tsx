// The ticket screen: filters and inbox on one side, the chosen ticket on the other.
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import { body, createApi, type TicketChange } from "./api";
import { FilterForm, type Filters, NO_FILTERS, queryOf } from "./filters";
import { Inbox } from "./inbox";
import { useLoaded, useSettled } from "./load";
import { TicketView } from "./ticket";

const PER_PAGE = 10;
const PAUSE = 250; // milliseconds without a key, before a search is sent

function App({ token }: { token: string }) {
  const [waiting, setWaiting] = useState(0);
  const [notice, setNotice] = useState("");
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [number, setNumber] = useState(1);
  const [chosen, setChosen] = useState<number | null>(null);
  const api = useMemo(() => createApi(token, setWaiting), [token]);
  const search = useSettled(filters.search, PAUSE);
  const query = queryOf({ ...filters, search });

  const lists = useLoaded(
    async () => {
      const [members, tags, channels] = await Promise.all([
        body(api.GET("/api/members")),
        body(api.GET("/api/tags")),
        body(api.GET("/api/channels")),
      ]);
      return { members: members.data, tags: tags.data, channels: channels.data };
    },
    [api],
  );
  const page = useLoaded(
    (signal) =>
      body(api.GET("/api/tickets", { params: { query: { ...query, page: number, per_page: PER_PAGE } }, signal })),
    [api, JSON.stringify(query), number],
  );
  const { members = [], tags = [], channels = [] } = lists.value ?? {};
  const showSaved = (saved: TicketChange) => {
    page.change((shown) => ({
      ...shown,
      data: shown.data.map((ticket) => (ticket.id === saved.id ? { ...ticket, ...saved } : ticket)),
    }));
  };

  return (
    <main class={chosen === null ? "" : "with-ticket"}>
      <h1>Tickets</h1>
      {waiting > 0 && <p role="alert" class="notice">Too many requests. Going on in {waiting} s…</p>}
      {notice && (
        <p role="alert" class="notice">
          {notice} <button onClick={() => setNotice("")}>Dismiss</button>
        </p>
      )}
      <div class="list">
        <FilterForm
          filters={filters}
          channels={channels}
          tags={tags}
          onChange={(changed) => {
            setFilters(changed);
            setNumber(1);
          }}
        />
        <Inbox page={page} chosen={chosen} onChoose={setChosen} onPage={setNumber} />
      </div>
      {chosen === null ? (
        <p class="empty nothing">Choose a ticket.</p>
      ) : (
        <TicketView
          key={chosen}
          api={api}
          id={chosen}
          members={members}
          tags={tags}
          notify={setNotice}
          onSaved={showSaved}
          onClose={() => setChosen(null)}
        />
      )}
    </main>
  );
}

render(<App token={localStorage.getItem("token") ?? "jane"} />, document.getElementById("app")!);
