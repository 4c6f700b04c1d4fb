import { describe, expect, test } from 'vitest'
import { answerEnd, answerOf, checkAnswer, decodeAnswer, parseAnswer, requestFor } from '#electron/drivers/protocol/cgminer.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const where = '192.0.2.7:4028'
const summary = { STATUS: [{ STATUS: 'S', When: 1, Code: 11, Msg: 'Summary' }], SUMMARY: [{ Elapsed: 5 }], id: 1 }

describe('framing', () => {
  test('a request is one JSON object, its parameter beside it', () => {
    expect(requestFor('summary')).toBe('{"command":"summary"}')
    expect(requestFor('voltageget', '0')).toBe('{"command":"voltageget","parameter":"0"}')
  })

  const ends = (...chunks: string[]) => {
    const end = answerEnd()
    return chunks.map((chunk) => end(bytes(chunk)))
  }
  test('NUL ends an answer wherever it comes', () => {
    expect(ends('{"a":', '1}\0')).toEqual([null, 'now'])
    expect(ends('STATUS=S,Msg=x|\0trailing')).toEqual(['now'])
  })
  test('a newline ends an answer behind complete brackets, not inside a string', () => {
    expect(ends('{"Msg":"CGMiner\n', 'versions"}\n')).toEqual([null, 'now'])
  })
  test('complete brackets alone end it unless more comes', () => {
    expect(ends('{"a":"}]{["', '}')).toEqual([null, 'unless-more-comes'])
    expect(ends('{"a":"\\"}"', ',"b":1}')).toEqual([null, 'unless-more-comes'])
  })
  test('a text answer ends at its last bar', () => {
    expect(ends('STATUS=S,Code=11', ',Msg=Summary|SUMMARY,Elapsed=5| ')).toEqual([null, 'unless-more-comes'])
  })
  test('plain words end with their line', () => {
    expect(ends('Socket connect failed: Connection refused\n')).toEqual(['now'])
  })

  test('the first NUL cuts, a byte-order mark is dropped, invalid UTF-8 does not stop the rest', () => {
    expect(decodeAnswer(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes('{"a":1}'), 0, ...bytes('{"b":2}')]))).toBe('{"a":1}')
    expect(decodeAnswer(new Uint8Array([...bytes('{"a":"'), 0xff, 0xfe, ...bytes('"}')]))).toBe('{"a":"��"}')
  })
  test('a character split between two chunks is decoded once, over the whole answer', () => {
    const whole = bytes('{"Msg":"°C"}')
    expect(decodeAnswer(Buffer.concat([whole.subarray(0, 9), whole.subarray(9)]))).toBe('{"Msg":"°C"}')
  })
})

describe('what an answer is', () => {
  test.each([
    ['', 'unexpected-reply', 'closed without an answer'],
    ['Socket connect failed: Connection refused', 'unreachable', 'the miner process does not run'],
    ['<html><body>502</body></html>', 'unexpected-reply', 'a web page came'],
    ['{"STATUS":[{"STATUS":"S"', 'unexpected-reply', 'not complete JSON'],
    ['\u0001\u0002 garbage', 'unexpected-reply', 'not complete JSON'],
  ])('%j is named for what it is', (text, kind, says) => {
    expect(parseAnswer(where, text)).toMatchObject({ ok: false, failure: { kind, message: expect.stringContaining(says) } })
    expect(parseAnswer(where, text)).toMatchObject({ failure: { message: expect.stringContaining(where) } })
  })

  test('text form: sections at bars, pairs at commas, cut at the first equals sign', () => {
    const answer = parseAnswer(where, 'STATUS=S,When=0,Code=7,Msg=2 Pool(s)|POOL=0,URL=stratum+tcp://a:1/?x=y,User=|POOL=1,URL=b|')
    expect(answer).toEqual({
      ok: true,
      value: {
        STATUS: [{ STATUS: 'S', When: '0', Code: '7', Msg: '2 Pool(s)' }],
        POOLS: [
          { POOL: '0', URL: 'stratum+tcp://a:1/?x=y', User: '' },
          { POOL: '1', URL: 'b' },
        ],
      },
    })
  })
  test('text form: commas inside the brackets of an Avalon module stay inside', () => {
    const answer = parseAnswer(
      where,
      'STATUS=S,Code=70|STATS=0,MM ID0=Ver[x] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Temp[30],MM Count=1|',
    )
    expect(answer).toMatchObject({
      ok: true,
      value: { STATS: [{ 'MM ID0': 'Ver[x] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Temp[30]', 'MM Count': '1' }] },
    })
  })
  test('text form: a bracket that never closes does not swallow the rest', () => {
    const answer = parseAnswer(where, 'STATUS=S,Code=7|POOL=0,User=a[b,Accepted=5|')
    expect(answer).toMatchObject({ ok: true, value: { POOLS: [{ User: 'a[b', Accepted: '5' }] } })
  })
})

describe('whose answer it is', () => {
  test('letter S and I are success; E and W are not, and the device is quoted', () => {
    const said = (letter: string) => checkAnswer(where, 'summary', { ...summary, STATUS: [{ STATUS: letter, Code: 11, Msg: 'because' }] })
    expect(said('S').ok && said('I').ok).toBe(true)
    for (const letter of ['E', 'W', 'F', '']) expect(said(letter)).toMatchObject({ ok: false })
    expect(said('E')).toMatchObject({ failure: { message: expect.stringContaining('"because"') } })
  })
  test.each([
    ['pools', summary],
    ['stats', { ...summary, STATS: [] }],
    ['summary', { STATUS: [{ STATUS: 'S', Code: 7, Msg: '3 Pool(s)' }], POOLS: [] }],
    ['summary', { STATUS: [{ STATUS: 'S', Code: 11, Msg: 'Summary' }], SUMMARY: 'x' }],
    ['get_version', { STATUS: 'S', Code: 131, Msg: 'x' }],
  ])('another command’s answer is not the answer to %s', (command, answer) => {
    expect(checkAnswer(where, command, answer)).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('another command') },
    })
  })
  test('a key of the prototype is not a status', () => {
    expect(checkAnswer(where, 'constructor', JSON.parse('{"__proto__":{"STATUS":"S"}}'))).toMatchObject({ ok: false })
    expect(checkAnswer(where, 'toString', { STATUS: 'S' })).toMatchObject({ ok: true })
  })
  test('a joined answer holds each command under its name', () => {
    const joined = { summary: [summary], pools: [{ STATUS: [{ STATUS: 'E', Code: 14, Msg: 'no' }], id: 1 }], id: 1 }
    expect(answerOf({ 'summary+pools': joined }, 'summary')).toEqual(summary)
    expect(answerOf({ 'summary+pools': joined }, 'pools')).toBeNull()
    expect(answerOf({ 'summary+pools': joined }, 'devs')).toBeNull()
  })
})
