-- Writes one profile after the other. What is sent must differ from request to request, so each is written anew.
local run = string.format("%x-%x", os.time(), math.random(1, 2 ^ 30))
-- At its start wrk asks for one request that it does not send.
local sent = -1
local headers = {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}

function request()
  sent = sent + 1
  local body = string.format('{"email":"new-%s-%d@example.com","displayName":"Ada Lovelace"}', run, sent)
  if write == "put" then
    headers["If-Match"] = string.format('"%d"', math.floor((sent - 1) / #users) + 1)
    return wrk.format("PUT", "/v1/users/" .. users[(sent - 1) % #users + 1], headers, body)
  end
  if write == "post-with-key" then
    headers["Idempotency-Key"] = run .. "-" .. sent
  end
  return wrk.format("POST", "/v1/users", headers, body)
end
