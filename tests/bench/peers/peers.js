// The same tickets in WatermelonDB (LokiJS, in memory) and in RxDB (its storage in memory): neither needs a native module here, and neither
// writes to a disk, which is in their favour. `node peers.js TICKETS.jsonl SIZE FOLDER` reads what `pocketdesk-bench tickets` printed, and what
// `pocketdesk-bench history` measured in FOLDER. Asserts no figure.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createRxDatabase } from "rxdb";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";

const require = createRequire(import.meta.url);
const { Database, Model, Q, appSchema, tableSchema } = require("@nozbe/watermelondb");
const LokiJSAdapter = require("@nozbe/watermelondb/adapters/lokijs").default;
const { LokiMemoryAdapter } = require("lokijs");

const [, , file, size, folder] = process.argv;
const tickets = readFileSync(file, "utf8").trim().split("\n").map(JSON.parse);
const ROUNDS = 101;
const PAGE = 50;

class Ticket extends Model {
  static table = "tickets";
}

async function watermelon() {
  const type = { number: "number", string: "string", boolean: "boolean" };
  const indexed = ["status", "unread", "last_activity"];
  const columns = Object.entries(tickets[0]).map(([name, value]) => ({ name, type: type[typeof value], isIndexed: indexed.includes(name) }));
  const schema = appSchema({ version: 1, tables: [tableSchema({ name: "tickets", columns })] });
  const adapter = new LokiJSAdapter({
    schema,
    dbName: "bench",
    useWebWorker: false,
    useIncrementalIndexedDB: false,
    _testLokiAdapter: new LokiMemoryAdapter(),
  });
  const database = new Database({ adapter, modelClasses: [Ticket] });
  const all = database.get("tickets");
  await database.write(() => database.batch(tickets.map((ticket) => all.prepareCreateFromDirtyRaw({ id: String(ticket.number), ...ticket }))));
  const page = (...where) => async () => {
    const found = await all.query(...where, Q.sortBy("last_activity", Q.desc), Q.take(PAGE)).fetch();
    return found.map((ticket) => ticket._raw.number);
  };
  return { first: page(), status: page(Q.where("status", "open")), unread: page(Q.where("unread", true)) };
}

async function rx() {
  const database = await createRxDatabase({ name: "bench", storage: getRxStorageMemory() });
  const of = { number: { type: "number" }, string: { type: "string" }, boolean: { type: "boolean" } };
  const bounded = { minimum: 0, maximum: 2 ** 44, multipleOf: 1 };
  const properties = Object.fromEntries(Object.entries(tickets[0]).map(([name, value]) => [name, { ...of[typeof value] }]));
  Object.assign(properties, {
    id: { type: "string", maxLength: 20 },
    status: { type: "string", maxLength: 10 },
    last_activity: { type: "number", ...bounded },
  });
  const required = Object.keys(properties);
  const indexes = ["last_activity", ["status", "last_activity"], ["unread", "last_activity"]];
  const schema = { version: 0, primaryKey: "id", type: "object", properties, required, indexes };
  const { tickets: all } = await database.addCollections({ tickets: { schema } });
  await all.bulkInsert(tickets.map((ticket) => ({ id: String(ticket.number), ...ticket })));
  // A query that was asked before is answered from a cache, so each one is another.
  let round = 0;
  const page = (where) => async () => {
    const selector = { ...where, last_activity: { $lt: 2 ** 43 - round++ } };
    const found = await all.find({ selector, sort: [{ last_activity: "desc" }], limit: PAGE }).exec();
    return found.map((ticket) => ticket.number);
  };
  return { first: page({}), status: page({ status: "open" }), unread: page({ unread: true }) };
}

/// The first 50 of these, newest activity first.
const expected = (is) => tickets.filter(is).sort((a, b) => b.last_activity - a.last_activity).slice(0, PAGE).map((ticket) => ticket.number);

const ours = JSON.parse(readFileSync(`${folder}/figures/history-${size}.json`, "utf8"));
const queries = {
  first: ["first page", () => true],
  status: ["status", (ticket) => ticket.status === "open"],
  unread: ["unread", (ticket) => ticket.unread],
};
const figures = [];
for (const [peer, open] of Object.entries({ "WatermelonDB (LokiJS, in memory)": watermelon, "RxDB (in memory)": rx })) {
  const start = performance.now();
  const pages = await open();
  const filled = performance.now() - start;
  figures.push({ name: `${peer}: filled with tickets without comments`, size: Number(size), unit: "ms", ours: null, reference: filled, ratio: null, reach: null, holds: true });
  for (const [key, [name, is]] of Object.entries(queries)) {
    if (JSON.stringify(await pages[key]()) !== JSON.stringify(expected(is))) throw new Error(`${peer}: ${name} has other rows`);
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await pages[key]();
      times.push(performance.now() - start);
    }
    const reference = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
    const row = ours.find((row) => row.name.startsWith(`${name},`));
    figures.push({ name: `${name}, beside ${peer}`, size: Number(size), unit: "ms", ours: row.ours, reference, ratio: row.ours / reference, reach: null, holds: true });
  }
}
writeFileSync(`${folder}/figures/peers.json`, JSON.stringify(figures, null, 2));
for (const { name, ours, reference, ratio } of figures) {
  const pair = ours === null ? "" : `; ours ${ours.toFixed(3)} ms; ratio ${ratio.toFixed(4)}`;
  console.log(`${name}: ${reference.toFixed(3)} ms${pair}`);
}
process.exit(0);
