async function* events(url, parameters, headers) {
  const response = await fetch(url, {
    method: "POST",
    headers: {...headers, "Content-Type": "application/json", Accept: "text/event-stream"},
    body: JSON.stringify(parameters)
  });
  if (!response.headers.get("Content-Type").startsWith("text/event-stream")) {
    yield await response.json();
    return;
  }
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + part.value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        if (block.startsWith("event: next")) {
          yield JSON.parse(block.slice(block.indexOf("data: ") + 6));
        }
      }
    }
  } finally {
    reader.cancel();
  }
}

const url = new URL("graphql", document.baseURI);
const fetcher = async (parameters, options) => {
  const headers = options?.headers ?? {};
  const subscribes = /^\s*subscription\b/m.test(parameters.query)
    && !/^\s*(query|mutation)\s+\w*/m.test(parameters.operationName ? "" : parameters.query);
  if (subscribes) {
    return events(url, parameters, headers);
  }
  const response = await fetch(url, {
    method: "POST",
    headers: {...headers, "Content-Type": "application/json"},
    body: JSON.stringify(parameters)
  });
  return response.json();
};

// What was typed is kept for each service of this address by itself, and tokens are not kept: they expire.
const storageOf = service => ({
  get length() { return localStorage.length; },
  getItem: key => localStorage.getItem(`${service} ${key}`),
  setItem: (key, value) => localStorage.setItem(`${service} ${key}`, value),
  removeItem: key => localStorage.removeItem(`${service} ${key}`),
  clear: () => localStorage.clear()
});

const session = await (await fetch("graphiql/session.json")).json();
ReactDOM.createRoot(document.getElementById("graphiql")).render(React.createElement(GraphiQL, {
  fetcher,
  storage: storageOf(session.service),
  defaultQuery: session.query,
  defaultHeaders: JSON.stringify(session.headers, null, 2),
  defaultEditorToolsVisibility: "headers",
  shouldPersistHeaders: false
}));
