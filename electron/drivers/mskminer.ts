/**
 * MSKMiner on Antminers: Bitmain's cgminer with the watts of each board added (hardware protocols 12, 13). It names
 * itself `rwglr`; behind the model in Type stands its own version. The web interface wants a login for the address.
 */
import { failed, type Result } from '#shared/result.ts'
import { type Credentials, driver, isFirstContact, type Link, type Responses } from './driver.ts'
import { believedPower, macOf, makeFigures, POWER_W } from './figures.ts'
import { asText, own, ownOf } from './own-fields.ts'
import { bmminerReading } from './protocol/bmminer-reading.ts'
import { statsOf } from './protocol/bmminer-stats.ts'
import { section } from './protocol/cgminer.ts'
import { dig, webAnswer } from './protocol/web-answer.ts'

const FACTORY_LOGIN: Credentials = { user: 'admin', password: 'root' }
const INFO = '/api/info_v1'

const parse = (responses: Responses, observedAtMs: number) => {
  const read = bmminerReading(responses, observedAtMs)
  if (!read.ok) return failed('unexpected-reply', 'the answers hold no summary and no stats of an MSKMiner machine')
  const figures = makeFigures()
  const sources = statsOf(responses)
  // `chain_power` as text ("967.50 (AB)") does not say what it counts; `total_power` is the sum of the boards' watts.
  const watts = figures.number('total_power', own(sources?.stats, 'total_power'), POWER_W, 'W')
  const wattage = believedPower(figures, 'total_power', watts, read.value.isMining)
  const type = asText(ownOf(section(responses, 'version')?.[0], 'Type') ?? own(sources?.block, 'Type'))
  const info = webAnswer(responses, INFO)
  const mac = macOf(figures, dig(info, 'network_info', 'result', 'macaddr')) ?? read.value.mac
  return {
    ok: true as const,
    value: {
      ...read.value,
      family: 'mskminer',
      protocol: info === undefined ? 'cgminer' : 'cgminer+mskminer-web',
      // `S19-88 v.2.6.0.39`: 88 chips a board; the rest is the firmware's version.
      model: asText(type?.replace(/\s+v\.?\s?\d[\d.]*.*$/i, '')),
      mac,
      wattageW: wattage,
      wattageSource: wattage === null ? null : ('reported' as const),
      problems: [...read.value.problems, ...figures.problems],
    },
  }
}

const ask = async (link: Link): Promise<Result<void>> => {
  const isNew = isFirstContact(link)
  const stats = await link.rpc('stats')
  if (!stats.ok) return stats
  await link.rpc('pools')
  // Who it is does not change from sweep to sweep, and costs a login.
  if (isNew && link.address.webPort !== null) {
    const { user, password } = link.login(FACTORY_LOGIN)
    const login = await link.post('/admin/login', { form: { username: user, password } }, null)
    if (login.ok || login.failure.kind === 'unexpected-reply') await link.post(INFO, { form: {} }, `POST ${INFO}`)
  }
  return { ok: true, value: undefined }
}

export const mskminer = driver({ family: 'mskminer', recognises: ({ text }) => /MSKMINER|RWGLR/.test(text), ask, parse })
