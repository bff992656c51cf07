// Opens sockets at the address given as its argument by the graphql-ws client: idle ones, subscriptions, and a mutation
// that is answered late. Says "open" once all are there, and at the end how each one ended, as one line of JSON.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
const answer = { closes: [], subscriptions: 0 };
const clients = [];

function client() {
  const one = createClient({
    url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false,
    on: { closed: event => answer.closes.push(`${event.code} ${event.reason}`) },
    onNonLazyError: () => {}
  });
  clients.push(one);
  return new Promise(done => one.on('connected', () => done(one)));
}

for (let i = 0; i < 10; i++) await client();
const ends = [];
for (let i = 0; i < 10; i++) {
  const one = await client();
  ends.push(new Promise(done => one.subscribe({ query: 'subscription { idle }' }, {
    next: () => {}, error: () => done('error'), complete: () => done('complete')
  })));
}
const busy = await client();
const mutation = new Promise(done => busy.subscribe({ query: 'mutation { meetLate }' }, {
  next: result => { answer.mutation = result.data; }, error: error => done(error), complete: () => done('complete')
}));
console.log('open');
answer.subscriptions = (await Promise.all(ends)).length;
console.log('subscriptions have ended');
await mutation;
await new Promise(done => { const timer = setInterval(() => { if (answer.closes.length === 21) { clearInterval(timer); done(); } }, 10); });
console.log(JSON.stringify(answer));
process.exit(0);
