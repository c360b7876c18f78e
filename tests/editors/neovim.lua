-- What a person does, in a real Neovim: see the diagnostic, apply the quick-fix, save, see it gone, rename a key.
-- Run in the project's folder: nvim --headless -u NONE -i NONE -n -c 'luafile neovim.lua'
-- SERVER is the server's command as JSON; OUT is where the session is written down.
local lines = {}
local function say(text) table.insert(lines, text) end
local function finish(code)
  vim.fn.writefile(lines, os.getenv('OUT'))
  vim.cmd(code == 0 and 'qall!' or 'cquit! 1')
end
local function fail(text) say('FAILED: ' .. text); finish(1) end
local function wait(what, done) if not vim.wait(60000, done, 20) then fail('waited in vain for ' .. what) end end

local function start(buffer)
  local id = vim.lsp.start_client({
    name = 'streamlint', cmd = vim.fn.json_decode(os.getenv('SERVER')), root_dir = vim.fn.getcwd(),
    handlers = { ['window/showMessage'] = function(_, result) say('message: ' .. result.message) end },
  })
  vim.lsp.buf_attach_client(buffer, id)
  local client = vim.lsp.get_client_by_id(id)
  wait('the server', function() return client.initialized end)
  return client
end

local function shown(buffer, d)
  local text = vim.api.nvim_buf_get_text(buffer, d.lnum, d.col, d.end_lnum, d.end_col, {})
  say(('%d:%d-%d %s %s'):format(d.lnum + 1, d.col + 1, d.end_col + 1, tostring(d.code), (d.message:gsub('\n', ' / '))))
  say('  underlined: ' .. table.concat(text, '\n'))
end

local function act(client, buffer, d)
  vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = { diagnostics = {}, only = { 'quickfix' } }
  local answer = client.request_sync('textDocument/codeAction', params, 20000, buffer)
  if not answer or answer.err or #(answer.result or {}) == 0 then fail('no code action: ' .. vim.inspect(answer)) end
  for _, each in ipairs(answer.result) do say('offered: ' .. each.title) end
  local action = answer.result[1]
  if not action.edit then action = client.request_sync('codeAction/resolve', action, 20000, buffer).result end
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  say('applied: ' .. action.title)
end

local function rename(client, buffer, name)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.newName = name
  local answer = client.request_sync('textDocument/rename', params, 20000, buffer)
  if not answer or answer.err or not answer.result then fail('no rename: ' .. vim.inspect(answer)) end
  vim.lsp.util.apply_workspace_edit(answer.result, client.offset_encoding)
  vim.cmd('wall')
  say('renamed to ' .. name)
end

local function main()
  vim.cmd('edit pages/Report.py'); vim.bo.filetype = 'python'
  local buffer = vim.api.nvim_get_current_buf()
  local client = start(buffer)
  say('opened pages/Report.py')
  wait('a diagnostic', function() return #vim.diagnostic.get(buffer) > 0 end)
  for _, d in ipairs(vim.diagnostic.get(buffer)) do shown(buffer, d) end
  act(client, buffer, vim.diagnostic.get(buffer)[1])
  wait('no diagnostic', function() return #vim.diagnostic.get(buffer) == 0 end)
  vim.cmd('write')
  say('saved: no diagnostics')
  vim.fn.search('session_state\\.user', 'w'); vim.fn.search('user')
  local about = client.request_sync('textDocument/hover', vim.lsp.util.make_position_params(0, client.offset_encoding), 20000, buffer)
  if not about or not about.result then fail('no hover') end
  rename(client, buffer, 'account')
  client.stop()
  wait('the end', function() return client.is_stopped() end)
  say('stopped')
  finish(0)
end

local ok, problem = pcall(main)
if not ok then fail(tostring(problem)) end
