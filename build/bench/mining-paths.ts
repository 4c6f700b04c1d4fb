import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compute } from '#electron/compute/compute.ts'
import { inChunks } from '#shared/economics/chance/in-chunks.ts'
import { type MiningPathsInput, miningPaths } from '#shared/economics/chance/mining-paths.ts'
import { type Benchmark, below, type Row, shown } from './benchmark.ts'

const input = (paths: number): MiningPathsInput => ({
  startPrice: 71_000,
  driftAnnual: 0.08,
  volAnnual: 0.55,
  months: 60,
  hashratePHs: 1000,
  networkPHs: 950_000,
  subsidyBtc: 3.125,
  feesPerBlockBtc: 0.03,
  poolFee: 0.02,
  efficiencyJTH: 17.5,
  overheadRatio: 1.04,
  variablePerMWh: 50,
  discountRateAnnual: 0.12,
  paths,
  seed: 1,
})
const PATHS = 100_000
const TIMES = 15
const ROUNDS = 3

type Pair = { readonly ms: number; readonly batch: number; readonly numpy: string; readonly answer: { readonly meanNpv: number } }
const script = fileURLToPath(new URL('./numpy/mining_npv.py', import.meta.url))
/** The median of the NumPy twin, in a process of its own; null where no Python here has NumPy. */
const numpy = (): Pair | null => {
  for (const python of ['python3', 'python', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, [script], {
      input: JSON.stringify({ input: input(PATHS), times: TIMES }),
      encoding: 'utf8',
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    })
    if (status === 0) return JSON.parse(stdout)
  }
  return null
}
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export const bench: Benchmark = {
  name: 'mining-paths',
  about: 'Monte Carlo of the NPV of mining, 60 months, against the same model in NumPy on one core',
  run: async ({ median }) => {
    const here = async (paths: number, more: Partial<MiningPathsInput> = {}, times = TIMES) => {
      const given = { ...input(paths), ...more }
      return median(() => {
        if (!inChunks(miningPaths, given).ok) throw new Error('the benchmark’s own input is refused')
      }, times)
    }
    await here(PATHS)
    // In turns, so that what else the computer does falls on both.
    const rounds: { ours: number; doubled: number; theirs: Pair | null }[] = []
    for (let k = 0; k < ROUNDS; k++) rounds.push({ theirs: numpy(), ours: await here(PATHS), doubled: await here(2 * PATHS) })
    const pairs = rounds.flatMap(({ ours, theirs }) => (theirs === null ? [] : [{ ours, theirs }]))
    const ours = middle(rounds.map((r) => r.ours))
    const [first] = pairs
    const ratio = middle(pairs.map((p) => p.ours / p.theirs.ms))
    const against: Row[] =
      first === undefined
        ? [{ what: 'time against NumPy: no Python with NumPy here', value: Number.NaN, unit: 'x', bar: '<= 1 x', ok: null }]
        : [
            shown(`NumPy ${first.theirs.numpy}, batches of ${first.theirs.batch}`, middle(pairs.map((p) => p.theirs.ms)), 'ms'),
            { what: 'time against NumPy', value: ratio, unit: 'x', bar: '<= 1 x', ok: ratio <= 1 },
          ]
    const stopping = await here(PATHS, { shutdownAllowed: true, startHeight: 941_472 })
    const onThreads = (threads: number) =>
      median(async () => {
        if (!(await compute('miningPaths', input(10 * PATHS), { threads })).ok) throw new Error('a thread failed')
      }, 3)
    const [one, two] = [await onThreads(1), await onThreads(2)]
    return [
      below('100,000 paths x 60 months, one core', ours, 'ms', 1000),
      ...against,
      below('time for doubled paths', middle(rounds.map((r) => r.doubled / r.ours)), 'x', 3),
      shown('the same with machines that stop and a halving', stopping, 'ms'),
      shown('1,000,000 paths, 1 thread', one, 'ms'),
      shown('1,000,000 paths, 2 threads', two, 'ms'),
      shown('2 threads against 1', two / one, 'x'),
    ]
  },
}
