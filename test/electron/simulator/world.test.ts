import { describe, expect, test } from 'vitest'
import { gaussian, smoothNoise, uniform } from '#electron/simulator/chance.ts'
import { DEMO_MACHINES, demoFarm, demoSites, demoSitesAt, planMachines } from '#electron/simulator/demo-farm.ts'
import { machineAt, simulateMachine, siteDraw } from '#electron/simulator/machine-world.ts'
import { demoFaults, noFaults } from '#electron/simulator/parameters.ts'
import { Machine } from '#shared/fleet/machine.ts'
import { Site } from '#shared/fleet/site.ts'

const NOW = Date.UTC(2026, 10, 24, 15)
const MINUTE = 60_000
const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length
const deviation = (xs: readonly number[]) => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)))

describe('chance', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => i - 10_000)
  test('uniform draws are uniform, for negative indices and beyond 32 bits too', () => {
    const xs = many.map((i) => uniform(7, i * 4_294_967_291))
    expect(mean(xs)).toBeCloseTo(0.5, 2)
    expect(deviation(xs)).toBeCloseTo(Math.sqrt(1 / 12), 2)
    expect(new Set(xs).size).toBeGreaterThan(19_900)
  })
  test('normals have mean 0 and deviation 1, on the grid and between', () => {
    for (const xs of [many.map((i) => gaussian(7, i)), many.map((i) => smoothNoise(9, i * 1.37))]) {
      expect(Math.abs(mean(xs))).toBeLessThan(0.03)
      expect(Math.abs(deviation(xs) - 1)).toBeLessThan(0.03)
    }
  })
  test('smooth noise is smooth: a thousandth of its scale moves it little', () => {
    for (let x = -50; x < 50; x += 0.37) expect(Math.abs(smoothNoise(3, x + 0.001) - smoothNoise(3, x))).toBeLessThan(0.02)
  })
})

describe('the farm on paper', () => {
  const places = {
    machineCount: DEMO_MACHINES,
    families: null,
    machines: Object.fromEntries(planMachines().map((m) => [m.id, { host: '127.0.0.1', apiPort: 4028, webPort: 80 }])),
    meters: { 'toyah-basin-main': { host: '127.0.0.1', port: 502 } },
  }

  test('1,840 machines in the groups of the demo, each with its own name', () => {
    const machines = demoFarm.machines(places)
    expect(machines).toHaveLength(1840)
    expect(new Set(machines.map((m) => m.id)).size).toBe(1840)
    const count = (model: string) => machines.filter((m) => m.model === model).length
    expect(['S19j Pro', 'S21', 'S21 XP Hyd'].map((m) => count(`Antminer ${m}`))).toEqual([240, 320, 320])
    expect(['Whatsminer M50S', 'Whatsminer M63S', 'Avalon A1466', 'Avalon A1246'].map(count)).toEqual([240, 320, 160, 240])
    expect(machines.every((m) => /^(TB|RF|LM)-[A-D]\d\d-\d{3}$/.test(m.id) && Machine.safeParse(m).success)).toBe(true)
  })

  test('name plates are the efficiencies of the data sheets', () => {
    const jth = new Map(planMachines().map((m) => [m.group.model, m.group.nameplateW / m.group.nameplateThs]))
    expect(jth.get('Antminer S19j Pro')).toBe(29.5)
    expect(jth.get('Antminer S21')).toBe(17.5)
    expect(jth.get('Antminer S21 XP Hyd')).toBe(12)
    expect(jth.get('Whatsminer M50S')).toBe(26)
    expect(jth.get('Whatsminer M63S')).toBe(18.5)
    expect(jth.get('Avalon A1246')).toBe(38)
  })

  test('the sites are sites: three contracts, three sizes, the fleet fits behind each connection', () => {
    expect(demoSites.map((s) => Site.parse(s).contract.type)).toEqual(['index', 'ppa', 'fixed'])
    for (const site of demoSites) {
      const watts = planMachines()
        .filter((m) => m.group.siteId === site.id)
        .reduce((sum, m) => sum + m.group.nameplateW, 0)
      expect((watts / 1e6) * 1.06).toBeLessThan(site.interconnectMw + 0.03)
    }
  })

  test.each([
    ['2024-02-29T12:00:00Z', '2024-02-01T12:00:00Z'],
    ['2026-12-31T23:59:00Z', '2026-12-01T12:00:00Z'],
    ['2027-01-01T05:30:00Z', '2026-12-01T12:00:00Z'],
    ['2031-06-15T00:00:00Z', '2031-06-01T12:00:00Z'],
  ])('in a demo of %s contract terms and survey were confirmed on %s', (now, confirmed) => {
    for (const site of demoSitesAt(Date.parse(now)))
      for (const { observedAtMs } of [Site.parse(site).contractOrigin, site.profileOrigin])
        expect(new Date(observedAtMs).toISOString()).toBe(new Date(confirmed).toISOString())
  })

  test('a few machines are protected, most inherit', () => {
    const kept = demoFarm.machines(places).filter((m) => m.curtailment === 'protected').length
    expect(kept).toBeGreaterThan(5)
    expect(kept).toBeLessThan(60)
  })

  test.each([7, 14, 300, 461, 1840, 5000])('a farm of %i has that many machines and every group', (count) => {
    const machines = planMachines(count)
    expect(machines).toHaveLength(count)
    expect(new Set(machines.map((m) => m.group)).size).toBe(7)
  })

  test('a machine keeps its name and behaviour when the farm grows', () => {
    const small = planMachines(300)
    const large = new Map(planMachines(1840).map((m) => [m.id, m]))
    for (const m of small.slice(0, 50)) {
      const same = large.get(m.id)
      expect(same).toBeDefined()
      if (same)
        expect(machineAt(1, simulateMachine(1, same), demoFaults, NOW)).toEqual(machineAt(1, simulateMachine(1, m), demoFaults, NOW))
    }
  })
})

describe('machines', () => {
  const machines = planMachines().map((m) => simulateMachine(1, m))
  const moments = machines.map((m) => machineAt(1, m, demoFaults, NOW))

  test('same seed and clock, same world; another seed, another world', () => {
    const again = planMachines().map((m) => machineAt(1, simulateMachine(1, m), demoFaults, NOW))
    expect(again).toEqual(moments)
    expect(planMachines().map((m) => machineAt(2, simulateMachine(2, m), demoFaults, NOW))).not.toEqual(moments)
  })

  test('what a machine does at an instant does not depend on what was asked before', () => {
    const m = simulateMachine(1, planMachines()[40] ?? planMachines()[0] ?? fail())
    const forwards = Array.from({ length: 200 }, (_, i) => machineAt(1, m, demoFaults, NOW + i * MINUTE))
    const backwards = Array.from({ length: 200 }, (_, i) => machineAt(1, m, demoFaults, NOW + (199 - i) * MINUTE)).reverse()
    expect(backwards).toEqual(forwards)
  })

  test('most hash near their name plate: the fleet is within 3 % of its sheet, with a spread', () => {
    const ratios = machines.flatMap((m, i) => {
      const now = moments[i]
      return now?.condition === 'hashing' && now.fault === null ? [now.hashrateThs / m.group.nameplateThs] : []
    })
    expect(ratios.length / machines.length).toBeGreaterThan(0.93)
    expect(mean(ratios)).toBeCloseTo(1, 1)
    expect(Math.abs(mean(ratios) - 1)).toBeLessThan(0.03)
    expect(deviation(ratios)).toBeGreaterThan(0.008)
  })

  test('some sleep, some are too hot, some have lost a board: a per cent or so each', () => {
    const share = (c: string) => moments.filter((m) => m.condition === c).length / moments.length
    for (const c of ['sleeping', 'overheated', 'degraded']) {
      expect(share(c)).toBeGreaterThan(0.001)
      expect(share(c)).toBeLessThan(0.03)
    }
  })

  test('who does not hash draws little, but not nothing', () => {
    for (const [i, now] of moments.entries()) {
      if (now.condition !== 'sleeping' && now.condition !== 'overheated') continue
      expect(now.hashrateThs).toBe(0)
      expect(now.powerW / (machines[i]?.group.nameplateW ?? 1)).toBeGreaterThan(0.005)
      expect(now.powerW / (machines[i]?.group.nameplateW ?? 1)).toBeLessThan(0.05)
    }
  })

  test('the boards of a machine add up to its rate', () => {
    for (const now of moments) expect(now.boards.reduce((sum, b) => sum + b.hashrateThs, 0)).toBeCloseTo(now.hashrateThs, 6)
  })

  test('afternoons in Reeves County are warmer than nights, July than January', () => {
    const m = machines.find((x) => x.group.siteId === 'toyah-basin') ?? fail()
    const at = (month: number, hourUtc: number) =>
      mean(Array.from({ length: 20 }, (_, d) => machineAt(1, m, noFaults, Date.UTC(2026, month, 1 + d, hourUtc)).intakeC))
    expect(at(6, 21)).toBeGreaterThan(at(6, 9) + 8)
    expect(at(6, 21)).toBeGreaterThan(at(0, 21) + 12)
  })

  test('overheating is commoner on summer afternoons than on winter nights', () => {
    const hot = (ms: number) =>
      Array.from({ length: 12 }, (_, d) =>
        machines.filter(
          (m) => m.group.siteId === 'toyah-basin' && machineAt(1, m, noFaults, ms + d * 86_400_000).condition === 'overheated',
        ),
      ).flat().length
    expect(hot(Date.UTC(2026, 6, 5, 21))).toBeGreaterThan(1.5 * hot(Date.UTC(2026, 0, 5, 10)))
  })

  test('uptime runs with the clock and starts again within 16 days', () => {
    const m = machines[3] ?? fail()
    const up = Array.from({ length: 24 * 30 }, (_, h) => machineAt(1, m, noFaults, NOW + h * 3_600_000).uptimeS)
    expect(Math.max(...up)).toBeLessThan(16 * 86_400)
    const steps = up.slice(1).map((u, i) => u - (up[i] ?? 0))
    expect(steps.filter((s) => Math.abs(s - 3600) <= 1).length).toBeGreaterThan(24 * 30 - 10)
    expect(steps.some((s) => s < 0)).toBe(true)
  })
})

test('the meter sees 4 to 6 % more than the machines draw', () => {
  for (const site of demoSites) {
    const own = planMachines()
      .filter((m) => m.group.siteId === site.id)
      .map((m) => simulateMachine(1, m))
    for (const hour of [0, 6, 12, 18]) {
      const draw = siteDraw(1, site.id, own, demoFaults, NOW + hour * 3_600_000)
      const sum = own.reduce((total, m) => total + machineAt(1, m, demoFaults, NOW + hour * 3_600_000).powerW, 0)
      expect(draw.machinesW).toBeCloseTo(sum, 3)
      expect(draw.meterW / sum).toBeGreaterThan(1.03)
      expect(draw.meterW / sum).toBeLessThan(1.07)
    }
  }
})

function fail(): never {
  throw new Error('the plan has no such machine')
}
