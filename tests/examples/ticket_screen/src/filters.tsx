// The filters of the inbox.
import type { Channel, Status, Tag } from "./api";

export interface Filters {
  search: string;
  status: Status | "";
  channel: number;
  tag: number;
  assignee: "" | "me" | "nobody";
}

export const NO_FILTERS: Filters = { search: "", status: "open", channel: 0, tag: 0, assignee: "" };

/** Return the query parameters of the filters that are set. */
export function queryOf(filters: Filters) {
  const { search, status, channel, tag, assignee } = filters;
  return {
    ...(search.trim() && { "filter[search]": search.trim() }),
    ...(status && { "filter[status]": [status] }),
    ...(channel && { "filter[channel_ids]": [channel] }),
    ...(tag && { "filter[tag_ids]": [tag] }),
    ...(assignee === "me" && { "filter[assigned_to_me]": true }),
    ...(assignee === "nobody" && { "filter[unassigned]": true }),
  };
}

interface Props {
  filters: Filters;
  channels: Channel[];
  tags: Tag[];
  onChange: (filters: Filters) => void;
}

export function FilterForm({ filters, channels, tags, onChange }: Props) {
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label class="wide">
        Search
        <input type="search" value={filters.search} onInput={(event) => set({ search: event.currentTarget.value })} />
      </label>
      <label>
        Status
        <select value={filters.status} onChange={(event) => set({ status: event.currentTarget.value as Status | "" })}>
          <option value="">any</option>
          <option>open</option>
          <option>closed</option>
          <option>spam</option>
        </select>
      </label>
      <label>
        Assigned to
        <select
          value={filters.assignee}
          onChange={(event) => set({ assignee: event.currentTarget.value as Filters["assignee"] })}
        >
          <option value="">anybody</option>
          <option value="me">me</option>
          <option value="nobody">nobody</option>
        </select>
      </label>
      <Select label="Channel" value={filters.channel} options={channels} onChange={(channel) => set({ channel })} />
      <Select label="Tag" value={filters.tag} options={tags} onChange={(tag) => set({ tag })} />
    </form>
  );
}

interface SelectProps {
  label: string;
  value: number;
  options: { id: number; name: string }[];
  onChange: (id: number) => void;
}

function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        <option value={0}>any</option>
        {options.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}
