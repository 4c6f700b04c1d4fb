import type { AppStatus } from '#shared/contract.ts'
import { useDo } from '../../api.ts'
import { Button } from '../../components/Button.tsx'
import { Mark } from '../../components/Icon.tsx'
import { failureWords } from '../../words.ts'
import css from './StartScreen.module.css'

/** First run: three doors. Two of them open in a later version and say so. */
export function StartScreen({ status }: { status: AppStatus }) {
  const open = useDo('shell.openDemo', ['app.status', 'sites.report'])
  return (
    <main className={css.page} aria-label="First run">
      <div className={css.brand}>
        <Mark /> Hashyard
      </div>
      <div className={css.middle}>
        <h1 className={css.title}>What should each megawatt do next: hash, curtail, or host AI?</h1>
        <p className={css.lead}>
          Hashyard reads the machines, the power price and the network, and answers per site with the figures and their age. It recommends,
          exports and records; it sends no command to a machine.
        </p>
        <ol className={css.doors}>
          <li>
            <h2>Open demo</h2>
            <p>
              A simulated farm of three sites: index power in Texas, hydro under contract in New York, flare gas in North Dakota. Nothing
              leaves this computer.
            </p>
            <Button kind="main" onPress={() => open.mutate({})} isDisabled={open.isPending}>
              {open.isPending ? 'Starting the demo farm' : 'Open demo'}
            </Button>
          </li>
          <li>
            <h2>Import CSV</h2>
            <p>A list of machines with name, address, model and name plate.</p>
            <Button isDisabled aria-describedby="later-import">
              Import CSV
            </Button>
            <p id="later-import" className={css.later}>
              This version does not import yet.
            </p>
          </li>
          <li>
            <h2>Find machines</h2>
            <p>A scan of the address ranges you name, for the device families Hashyard can read.</p>
            <Button isDisabled aria-describedby="later-find">
              Find machines
            </Button>
            <p id="later-find" className={css.later}>
              This version does not scan yet.
            </p>
          </li>
        </ol>
        {open.error && (
          <p className={css.problem} role="alert">
            The demo did not open. {failureWords(open.error)}
          </p>
        )}
      </div>
      <footer className={css.foot}>
        <span>Version {status.version}</span>
        <span>Data folder {status.dataDir}</span>
      </footer>
    </main>
  )
}
