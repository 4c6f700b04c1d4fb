import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SourceRow } from '#shared/contract.ts'
import { ask, useAsk } from '../../api.ts'
import { useNow } from '../../clock.ts'
import { AgeBar } from '../../components/AgeBar.tsx'
import { Button } from '../../components/Button.tsx'
import { StateChip } from '../../components/Chip.tsx'
import { Empty, NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { FigureNumber } from '../../components/Number.tsx'
import { ScreenHead } from '../../components/ScreenHead.tsx'
import { Sentence } from '../../components/Sentence.tsx'
import { goInPlace, useRoute } from '../../routes.ts'
import text from '../../theme/text.module.css'
import { failureWords } from '../../words.ts'
import css from './SourcesScreen.module.css'
import { type SourceView, sourcesView } from './view-model.ts'

export function SourcesScreen() {
  const sources = useAsk('sources.list', {})
  const report = useAsk('sites.report', {})
  const route = useRoute()
  const nowMs = useNow(1_000)
  const retry = useRetry()
  if (sources.state !== 'ready') return <NotReady of={sources} what="the sources" />
  if (sources.value.length === 0)
    return <Empty>No source is set up yet. Sources belong to sites; open the demo farm to see them at work.</Empty>
  const sites = report.state === 'ready' ? report.value.sites : []
  const zone = (sites.find((s) => s.id === route.site) ?? sites[0])?.timeZone ?? 'UTC'
  const view = sourcesView(sources.value, nowMs, zone, route.filter)
  const { worst } = view
  return (
    <div className={css.screen}>
      <StaleAnswer of={sources} what="the sources" />
      <ScreenHead
        number={<FigureNumber label={<strong>Sources that hold back advice</strong>} value={view.holding} unit={view.of} />}
        sentence={<Sentence headline={view.headline} rest={view.rest} />}
        provenance={retry.said}
      >
        {worst !== null && (
          <Button kind="main" onPress={() => void retry.run(worst)} isDisabled={retry.busy !== null}>
            Retry now
          </Button>
        )}
      </ScreenHead>
      <div className={css.wrap}>
        {route.filter !== '' && (
          <p className={css.filter}>
            {route.filter === 'needs:someone' ? 'Only sources that need someone.' : `Only sources that match “${route.filter}”.`}{' '}
            <Button kind="link" small onPress={() => goInPlace({ filter: '' })}>
              Show all
            </Button>
          </p>
        )}
        {view.groups.length === 0 && <p className={css.filter}>None: every source is within its limits.</p>}
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col" className={css.cState}>
                State
              </th>
              <th scope="col" className={css.cSource}>
                Source
              </th>
              <th scope="col" className={css.cGives}>
                Gives
              </th>
              <th scope="col" className={`${text.number} ${css.cTime}`}>
                Last good
              </th>
              <th scope="col" className={css.cAge}>
                Age
              </th>
              <th scope="col" className={css.cLimits}>
                Stale / too old
              </th>
              <th scope="col" className={`${text.number} ${css.cTime}`}>
                Next try
              </th>
              <th scope="col" className={`${text.number} ${css.cFailed}`}>
                Failed
              </th>
              <th scope="col">Last error, in words</th>
              <th scope="col" className={`${text.number} ${css.cAction}`}>
                Action
              </th>
            </tr>
          </thead>
          {view.groups.map((g) => (
            <tbody key={g.title}>
              <tr className={css.group}>
                <th colSpan={10} scope="rowgroup">
                  {g.title} <span className={css.groupNote}>{g.note}</span>
                </th>
              </tr>
              {g.rows.map((v) => (
                <Row key={v.row.id} view={v} busy={retry.busy === v.row.id} onRetry={() => void retry.run(v.row.id)} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </div>
  )
}

function Row({ view, busy, onRetry }: { view: SourceView; busy: boolean; onRetry: () => void }) {
  const { row } = view
  return (
    <tr>
      <td>
        <StateChip state={view.state}>{view.word}</StateChip>
      </td>
      <th scope="row" className={css.name} title={row.licence}>
        {row.id}
      </th>
      <td className={css.cut} title={row.coverage === null ? row.purpose : `${row.purpose}, ${row.coverage}`}>
        {row.purpose}
        {row.coverage && <span className={text.mute}>, {row.coverage}</span>}
      </td>
      <td className={text.number}>{view.lastGood}</td>
      <td>{view.bar ? <AgeBar {...view.bar} label={`Age ${view.age}; limits ${view.limits}`} /> : <span className={text.mute}>—</span>}</td>
      <td className={css.limits}>
        <span className={css.ageText}>{view.age}</span> of {view.limits}
      </td>
      <td className={text.number}>{view.nextTry}</td>
      <td className={text.number}>{view.failed}</td>
      <td className={row.lastError === null ? text.mute : css.error} title={row.lastError ?? undefined}>
        {view.error}
      </td>
      <td className={text.number}>
        <Button kind="link" small onPress={onRetry} isDisabled={busy} aria-label={`Retry ${row.id} now`}>
          {busy ? 'Asking' : 'Retry now'}
        </Button>
      </td>
    </tr>
  )
}

/** Asks one source again and puts its answer into the list at once. */
const useRetry = () => {
  const client = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const run = async (id: string) => {
    setBusy(id)
    setSaid(`Asking ${id}.`)
    const result = await ask('sources.retry', { id })
    setBusy(null)
    if (!result.ok) return setSaid(`${id}: ${failureWords(result.failure)}`)
    const row = result.value
    client.setQueryData<readonly SourceRow[]>(['sources.list', {}], (rows) => rows?.map((r) => (r.id === id ? row : r)))
    setSaid(
      row.freshness === 'fresh' && row.lastError === null
        ? `${id} answered.`
        : `${id} was asked; ${row.lastError ?? 'its value is still old'}.`,
    )
  }
  return { busy, said: <span role="status">{said}</span>, run }
}
