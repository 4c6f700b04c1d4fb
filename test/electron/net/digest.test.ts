import { describe, expect, test } from 'vitest'
import { authorization, type Challenge, parseChallenge } from '#electron/net/digest.ts'

const answerOf = (header: string) => /response="([0-9a-f]+)"/.exec(header)?.[1]

describe('the digest is the one of the standards', () => {
  test('the worked example of RFC 2617, 3.5', () => {
    const challenge = parseChallenge(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    expect(challenge).toEqual({
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
      algorithm: 'MD5',
      qop: 'auth',
    })
    if (!challenge) return
    const header = authorization({
      challenge,
      user: 'Mufasa',
      password: 'Circle Of Life',
      method: 'GET',
      uri: '/dir/index.html',
      count: 1,
      clientNonce: '0a4f113b',
    })
    expect(answerOf(header)).toBe('6629fae49393a05397450978507c4ef1')
    expect(header).toContain('nc=00000001')
    expect(header).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"')
  })

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('the worked example of RFC 7616, 3.9.1, with %s', (algorithm, expected) => {
    const challenge: Challenge = {
      realm: 'http-auth@example.org',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      algorithm,
      qop: 'auth',
    }
    const header = authorization({
      challenge,
      user: 'Mufasa',
      password: 'Circle of Life',
      method: 'GET',
      uri: '/dir/index.html',
      count: 1,
      clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    })
    expect(answerOf(header)).toBe(expected)
  })

  test('a server of RFC 2069 that knows no qop gets the older digest', () => {
    // RFC 2069, 2.4 as corrected by erratum 749.
    const challenge = parseChallenge(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    if (!challenge) throw new Error('no challenge')
    const header = authorization({
      challenge,
      user: 'Mufasa',
      password: 'CircleOfLife',
      method: 'GET',
      uri: '/dir/index.html',
      count: 1,
      clientNonce: 'x',
    })
    expect(answerOf(header)).toBe('1949323746fe6a43ef61f9606e7febea')
    expect(header).not.toContain('cnonce')
  })
})

describe('challenges as devices send them', () => {
  test('stock Antminer', () => {
    expect(parseChallenge('Digest realm="antMiner Configuration", nonce="65b1c3", qop="auth"')).toMatchObject({
      realm: 'antMiner Configuration',
      qop: 'auth',
    })
  })
  test('behind another scheme in the same header, without spaces, with an escaped quote', () => {
    expect(parseChallenge('Basic realm="x", Digest realm="a \\"b\\"",nonce="n",algorithm=MD5')).toMatchObject({
      realm: 'a "b"',
      nonce: 'n',
      qop: null,
    })
  })
  test.each([
    ['nothing', undefined],
    ['basic alone', 'Basic realm="x"'],
    ['no nonce', 'Digest realm="x"'],
    ['an algorithm we do not know', 'Digest realm="x", nonce="n", algorithm=SHA-512-256'],
    ['integrity protection only', 'Digest realm="x", nonce="n", qop="auth-int"'],
    ['an endless header', `Digest realm="${'x'.repeat(5_000)}", nonce="n"`],
  ])('%s is no challenge that can be answered', (_, header) => {
    expect(parseChallenge(header)).toBeNull()
  })
})
