import { describe, expect, test } from 'vitest'
import { isTooDeep, MAX_DEPTH, parseDeviceJson, repairJson } from '#electron/drivers/protocol/malformed-json.ts'

const repaired = (text: string) => {
  const result = parseDeviceJson(text)
  return 'value' in result ? { value: result.value, repairs: result.repairs } : result.reason
}

describe('faults of known firmware are repaired', () => {
  test.each([
    [
      'Antminer D3, L3, S9, Z11: no comma between the members of STATS',
      '{"STATS":[{"Type":"Antminer L3+"}{"GHS 5s":"504.56"}]}',
      { STATS: [{ Type: 'Antminer L3+' }, { 'GHS 5s': '504.56' }] },
      'comma-between-objects',
    ],
    ['btminer: a comma before the closing brace', '{"Msg":{"a":1,},"l":[1,2,]}', { Msg: { a: 1 }, l: [1, 2] }, 'comma-dropped'],
    ['bmminer: a comma after the opening bracket', '{"DEVS":[,{"ASC":0}]}', { DEVS: [{ ASC: 0 }] }, 'comma-dropped'],
    [
      'Whatsminer version, StrongU pools: a line break inside a string',
      '{"Msg":"CGMiner\nversions"}',
      { Msg: 'CGMiner\nversions' },
      'control-character',
    ],
    [
      'btminer of January 2023: no comma before temp0',
      '{"vendor":"1","serial_no":"" "temp0":"36.1"}',
      { vendor: '1', serial_no: '', temp0: '36.1' },
      'comma-before-key',
    ],
    [
      'Avalon: nan and inf without quotes',
      '{"MHS av":nan,"Utility":-inf,"n":[NaN,1]}',
      { 'MHS av': null, Utility: null, n: [null, 1] },
      'not-a-number',
    ],
    ['Avalon: the opening brace is missing', ',"id":1}', { id: 1 }, 'opening-brace'],
    [
      'Whatsminer API 2.0.4: error codes as a list written like an object',
      '{"Msg":{"error_code":["110":"2022-11-01 10:00:00","540":"x"]}}',
      { Msg: { error_code: { 110: '2022-11-01 10:00:00', 540: 'x' } } },
      'list-as-object',
    ],
    [
      'Whatsminer M20S 20200917: an escaped apostrophe',
      `{"Firmware Version":"\\'20200917.22.REL\\'"}`,
      { 'Firmware Version': "'20200917.22.REL'" },
      'invalid-escape',
    ],
    ['StrongU STU, Antminer S9k: words behind the last brace', '{"a":1}|tail', { a: 1 }, 'text-after-end'],
  ])('%s', (_, text, value, repair) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(repaired(text)).toEqual({ value, repairs: [repair] })
  })
})

describe('a correct answer is never altered', () => {
  test.each([
    ['a pool password of every pattern', '{"pass":"}{ ,} [,{ nan \\\\\\"temp0"}', '}{ ,} [,{ nan \\"temp0'],
    ['the same inside an answer that is repaired elsewhere', '{"pass":"}{ ,} [,{ nan","x":1,}', '}{ ,} [,{ nan'],
  ])('%s', (_, text, pass) => {
    const result = repaired(text)
    expect(result).toMatchObject({ value: { pass } })
  })
  test('a well-formed answer needs no repair', () => {
    expect(repairJson('{"a":[1,{"b":null}]}')).toBeNull()
    expect(repaired('{"a":[1,{"b":null}]}')).toEqual({ value: { a: [1, { b: null }] }, repairs: [] })
  })
})

describe('what no known firmware explains is refused whole', () => {
  test.each([
    ['cut off in the middle of a string', '{"STATUS":[{"STATUS":"S","Msg":"Sum'],
    ['cut off after a value', '{"STATUS":[{"STATUS":"S"}],"SUMMARY":[{"Elapsed":12'],
    ['cut off behind a comma', '{"STATUS":[{"STATUS":"S"}],'],
    ['two answers', '{"SUMMARY":[]}{"POOLS":[]}'],
    ['two answers, the second a list', '{"SUMMARY":[]}[1]'],
    ['two values without a comma', '{"a":1 2}'],
    ['a key without a value', '{"a"}'],
    ['a number no decimal', '{"a":0x10}'],
    ['brackets of the wrong kind', '{"a":[1}]'],
    ['no JSON at all', 'miner power'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(repaired(text)).toBe('it is not complete JSON')
  })
})

describe('depth', () => {
  const nested = (n: number) => '['.repeat(n) + ']'.repeat(n)
  test(`${MAX_DEPTH} levels are read, one more is not`, () => {
    expect(isTooDeep(nested(MAX_DEPTH))).toBe(false)
    expect(isTooDeep(nested(MAX_DEPTH + 1))).toBe(true)
    expect(repaired(nested(MAX_DEPTH + 1))).toContain('nested more than 32')
  })
  test('200,000 levels are refused before anything parses them', () => {
    expect(repaired(`{"a":${nested(200_000)}}`)).toContain('nested more than 32')
  })
  test('brackets inside a string do not nest', () => {
    expect(repaired(`{"a":"${'['.repeat(500)}"}`)).toMatchObject({ repairs: [] })
  })
})
