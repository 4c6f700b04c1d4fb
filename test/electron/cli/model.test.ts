import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '#electron/cli/model.ts'
import { modelList, modelListText } from '#electron/cli/model-list.ts'
import { modelNames } from '#shared/economics/adapter.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-model-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = async (text: string, json = false) => {
  const file = join(folder, 'request.json')
  await writeFile(file, text)
  return runWith([file], json)
}
const runWith = async (args: string[], json = false) => {
  let out = ''
  const code = await command.run({
    args,
    flags: {},
    json,
    dataDir: folder,
    demo: false,
    allowLoopback: false,
    seed: 1,
    now: () => 0,
    clock: null,
    out: (t) => {
      out += t
    },
    err: () => {},
    signal: new AbortController().signal,
  })
  return { code, answer: JSON.parse(out) }
}
const halving = '{"module":"revenue","fn":"subsidyAtHeight","inputs":{"height":840000}}'

test('one request prints its result object and ends with 0', async () =>
  expect(await run(halving)).toEqual({ code: 0, answer: { subsidySats: 312_500_000, subsidyBtc: 3.125, halvingIndex: 4 } }))
test('a list prints a list and ends with 0, refused cases in their place', async () =>
  expect(await run(`[${halving},{"fn":"subsidyAtHeight","inputs":{"height":-1}},{"fn":"moonPhase"}]`)).toMatchObject({
    code: 0,
    answer: [{ halvingIndex: 4 }, { error: 'INVALID_INPUT', field: 'height' }, { error: 'NOT_IMPLEMENTED', field: 'fn' }],
  }))
test('one refused request ends with 1 and prints the golden form of a refusal', async () =>
  expect(await run('{"fn":"subsidyAtHeight","inputs":{"height":-1}}')).toMatchObject({
    code: 1,
    answer: { error: 'INVALID_INPUT', field: 'height' },
  }))
test('under --json it has the form of every failure of a command: kind, message and field', async () => {
  expect(await run('{"fn":"subsidyAtHeight","inputs":{"height":-1}}', true)).toMatchObject({
    code: 1,
    answer: { error: { kind: 'invalid-input', field: 'height', message: expect.any(String) } },
  })
  expect(await run('{"fn":"moonPhase","inputs":{}}', true)).toMatchObject({
    code: 1,
    answer: { error: { kind: 'not-supported', field: 'fn' } },
  })
})
test('text that is not JSON is refused with its line', async () =>
  expect(await run('{"fn": "irr",\n "inputs": }')).toMatchObject({ code: 1, answer: { error: { kind: 'invalid-input', line: 2 } } }))
test('an empty file, a missing file, two files', async () => {
  expect(await run('')).toMatchObject({ code: 1, answer: { error: { kind: 'invalid-input' } } })
  expect(await runWith([join(folder, 'none.json')])).toMatchObject({ code: 1, answer: { error: { kind: 'not-found' } } })
  expect(await runWith(['a', 'b'])).toMatchObject({ code: 2 })
})

test('the list names every function with its section, and one function with what it takes', () => {
  expect(
    modelList(undefined)
      .map((m) => m.fn)
      .sort(),
  ).toEqual([...modelNames].sort())
  expect(modelList(undefined).filter((m) => m.inputs.length === 0)).toEqual([])
  expect(modelList('poolPayout')[0]?.inputs).toEqual(
    expect.arrayContaining([
      { name: 'poolFee', type: 'number >= 0 <= 1', unit: 'of 1', required: true },
      expect.objectContaining({ name: 'poolHashratePHs', required: false, unit: 'PH/s' }),
    ]),
  )
  expect(modelListText(modelList('hashprice'))).toContain('  feesPerBlockBtc?: number >= 0 (BTC)')
  expect(modelList('moonPhase')).toEqual([])
})
