import { expect, test } from 'vitest'
import { contract } from '#shared/contract.ts'
import { makeFakeBridge, variants } from './bridge.ts'

const NOW = Date.UTC(2026, 10, 24, 22, 42)

test.each(variants.filter((v) => v !== 'loading' && v !== 'failed'))(
  'the fake bridge (%s) answers in the contract’s own form',
  async (variant) => {
    const { ask } = makeFakeBridge({ variant, nowMs: () => NOW })
    const site = 'toyah-basin'
    const answered = [
      [contract['app.status'].output, await ask['app.status']({})],
      [contract['sites.report'].output, await ask['sites.report']({})],
      [contract['prices.series'].output, await ask['prices.series']({ site, fromMs: NOW - 1e7, toMs: NOW + 1e7 })],
      [
        contract['fleet.machines'].output,
        await ask['fleet.machines']({ site: null, filter: '', sort: 'marginPerMwh', descending: false, offset: 0, limit: 50 }),
      ],
      [contract['sources.list'].output, await ask['sources.list']({})],
      [contract['decision.list'].output, await ask['decision.list']({ limit: 10 })],
      [contract['memo.document'].output, await ask['memo.document']({ sites: [site], overrides: {} })],
      [contract['shell.about'].output, await ask['shell.about']({})],
      [contract['shell.engine'].output, await ask['shell.engine']({})],
      ...(variant === 'empty'
        ? []
        : ([
            [contract['plan.conversion'].output, await ask['plan.conversion']({ site, overrides: {} })],
            [contract['fleet.machine'].output, await ask['fleet.machine']({ id: 'TB-A01-001' })],
          ] as const)),
    ] as const
    for (const [schema, result] of answered) {
      if (!result.ok) throw new Error(result.failure.message)
      expect(schema.safeParse(result.value).error?.issues ?? []).toEqual([])
    }
  },
)
