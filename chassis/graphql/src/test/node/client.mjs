// Speaks to the address given as its argument by the graphql-ws client, and prints what happened as one line of JSON.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
const closes = [];

function client(connectionParams, more) {
  return createClient({
    url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, lazy: true,
    on: { closed: event => closes.push(event.code) }, ...more
  });
}

async function collect(one, query, variables, most = Infinity) {
  const values = [];
  for await (const result of one.iterate({ query, variables })) {
    values.push(result);
    if (values.length >= most) break;
  }
  return values;
}

const answer = {};
const anonymous = client();
answer.count = (await collect(anonymous, 'subscription ($to: Int!) { count(to: $to) }', { to: 3 })).map(r => r.data.count);
answer.query = (await collect(anonymous, '{ book(id: "b1") { title } }'))[0].data.book.title;
answer.early = (await collect(anonymous, 'subscription { endless }', {}, 5)).length;
try {
  await collect(anonymous, 'subscription { added { title } }');
} catch (errors) {
  answer.refused = errors[0].extensions.code;
}
try {
  await collect(anonymous, 'subscription { nothing }');
} catch (errors) {
  answer.invalid = errors[0].extensions.code;
}
await anonymous.dispose();

const pinging = client({ Authorization: 'Bearer ann' }, { keepAlive: 50 });
let pongs = 0;
pinging.on('pong', received => { if (received) pongs++; });
const watch = pinging.iterate({ query: 'subscription { added { title } }' });
const first = watch.next();
await new Promise(done => { const timer = setInterval(() => { if (pongs > 1) { clearInterval(timer); done(); } }, 10); });
const mutation = 'mutation { addBook(input: {title: "By node", genre: FICTION, author: "Ann"}) { __typename } }';
await collect(pinging, mutation);
answer.event = (await first).value.data.added.title;
await watch.return();
await pinging.dispose();

try {
  await collect(client({ Authorization: 'Bearer bad' }), '{ __typename }');
} catch (event) {
  answer.forbidden = event.code;
}
console.log(JSON.stringify(answer));
process.exit(0);
