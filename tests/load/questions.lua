-- Mixed questions: words, phrases, literal text, counts, a page of the reading
-- room. Each thread goes through all of them in turn.
local function encode(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end

local paths = {}
for _, word in ipairs({
  "债务", "地方政府债务", "行政处罚", "人民政府 应当", "“人民法院”", "土地征收 补偿",
  "环境保护", "食品安全 监督", "劳动合同 解除", "“有期徒刑”", "个人信息 保护", "招标 投标",
}) do
  table.insert(paths, "/api/v1/search?passages=1&q=" .. encode(word))
end
table.insert(paths, "/api/v1/search?passages=1&topic=debt-resolution")
table.insert(paths, "/api/v1/search?passages=1&literal=true&q=" .. encode("隐性债务"))
table.insert(paths, "/api/v1/kwic?limit=20&pattern=" .. encode("政府债务"))

local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
