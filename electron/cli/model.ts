/** `hashyard model [FILE.json]`: evaluates economic models with the names of the golden cases. */
import { evaluateModel, isModelError, wantsSolver } from '#shared/economics/adapter.ts'
import { failed, ok } from '#shared/result.ts'
import { type Command, type CommandContext, DONE, FAILED, printJson, reportFailure, WRONG_USAGE } from './command.ts'
import { modelList, modelListText } from './model-list.ts'
import { readJsonFile } from './read-json-file.ts'

const list = (c: CommandContext) => {
  const entries = modelList(c.args[0])
  if (entries.length === 0) return failed('not-found', `no function or module "${c.args[0]}"; model --list names them`)
  if (c.json) printJson(c.out, entries)
  else c.out(modelListText(entries))
  return ok(undefined)
}

export const command: Command = {
  name: 'model',
  usage:
    'model [FILE.json]   {"module", "fn", "inputs"} or a list of them; without a file, or with -, from standard input\n' +
    '       hashyard model --list [MODULE|FUNCTION]',
  options: { list: { type: 'boolean' } },
  async run(c) {
    if (c.flags.list === true) return list(c)
    // The answer is a JSON document with or without --json, so a failure is one, too.
    const io = { json: true, out: c.out, err: c.err }
    if (c.args.length > 1) {
      reportFailure(failed('invalid-input', 'model takes one file').failure, io)
      return WRONG_USAGE
    }
    const request = await readJsonFile(c.args[0], c.signal)
    if (!request.ok) {
      reportFailure(request.failure, io)
      return FAILED
    }
    // The solver is 3.5 MB of WebAssembly: loaded only where a request can use it.
    const solveMilp = wantsSolver(request.value) ? await (await import('../compute/highs.ts')).loadSolveMilp() : null
    const answer = evaluateModel(request.value, { solveMilp })
    // In a list a refused case is an element like any other; alone it is also the failure of the command, which under --json
    // has the form of every command's failure.
    if (isModelError(answer) && !c.json) {
      printJson(c.out, answer)
      return FAILED
    }
    if (isModelError(answer)) {
      const kind = answer.error === 'NOT_IMPLEMENTED' ? 'not-supported' : 'invalid-input'
      reportFailure(failed(kind, answer.message, { field: answer.field }).failure, io)
      return FAILED
    }
    printJson(c.out, answer)
    return DONE
  },
}
