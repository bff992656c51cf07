-- Follows a table of paths, tokens and bodies. Requests are written once, so that wrk itself costs little.
local requests = {}

function init(arguments)
  for index, target in ipairs(targets) do
    local headers = {["Authorization"] = "Bearer " .. target[2]}
    if target[3] then
      headers["Content-Type"] = "application/json"
      requests[index] = wrk.format("POST", target[1], headers, target[3])
    else
      requests[index] = wrk.format("GET", target[1], headers)
    end
  end
end

function request()
  return requests[math.random(#requests)]
end

-- GraphQL says in the body what went wrong; elsewhere the status is enough, and answers are not looked at.
if targets[1][3] then
  function response(status, headers, body)
    if string.find(body, '"errors"', 1, true) then
      refused = refused + 1
    end
  end
end
