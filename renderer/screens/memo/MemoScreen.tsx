import { useCallback, useEffect, useState } from 'react'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { clockTimeZone } from '#shared/format.ts'
import { useAsk, useDo } from '../../api.ts'
import { engineNow, useNow } from '../../clock.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Empty, Failed, Loading, NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { FigureNumber } from '../../components/Number.tsx'
import { useOverrides } from '../../drafts.ts'
import { useRoute } from '../../routes.ts'
import { failureWords, words } from '../../words.ts'
import css from './MemoScreen.module.css'
import { PagePreview } from './PagePreview.tsx'
import type { PreviewSection } from './preview-tree.ts'
import { type Check, type Document, exportedWords, memoChecks } from './view-model.ts'

export function MemoScreen() {
  const report = useAsk('sites.report', {})
  const route = useRoute()
  if (report.state !== 'ready') return <NotReady of={report} what="the sites" />
  const sites = report.value.sites.filter((s) => route.site === null || s.id === route.site)
  if (sites.length === 0) return <Empty>{words.noSites}</Empty>
  return <Memo key={route.site ?? ''} sites={sites} site={route.site} />
}

function Memo({ sites, site }: { sites: readonly SiteReport[]; site: string | null }) {
  // Overrides belong to one site; a memo over several takes each site's defaults.
  const overrides = useOverrides(site)
  const input = { sites: sites.map((s) => s.id), overrides }
  const memo = useAsk('memo.document', input, { keepPrevious: true, gcTime: 0 })
  const [sections, setSections] = useState<readonly PreviewSection[]>([])
  const [shown, setShown] = useState<string | null>(null)
  const show = useCallback((list: readonly PreviewSection[]) => setSections(list), [])
  if (memo.state === 'loading') return <Loading what="the memo" />
  if (memo.state === 'failed') return <Failed failure={memo.failure} what="the memo" retry={memo.retry} />
  return (
    <div className={css.screen}>
      <nav className={css.sections} aria-label="Sections">
        <h2 className={css.heading}>Sections</h2>
        <ol>
          {sections.map((s, i) => (
            <li key={s.id}>
              {s.scope !== '' && s.scope !== sections[i - 1]?.scope && <span className={css.scope}>{s.scope}</span>}
              <button type="button" aria-current={shown === s.id ? 'true' : undefined} onClick={() => setShown(s.id)}>
                <span className={css.place}>{i + 1}</span>
                {s.title}
              </button>
            </li>
          ))}
        </ol>
        <dl className={css.identity}>
          <div>
            <dt>Memo</dt>
            <dd>{memo.value.memoId}</dd>
          </div>
          <div>
            <dt>Inputs</dt>
            <dd className={css.mono} title={memo.value.inputHash}>
              {memo.value.inputHash.slice(0, 4)} {memo.value.inputHash.slice(4, 8)}
            </dd>
          </div>
          <div>
            <dt>State</dt>
            <dd>Draft</dd>
          </div>
        </dl>
      </nav>
      <div className={css.middle}>
        <StaleAnswer of={memo} what="the memo" />
        <PagePreview html={memo.value.html} onSections={show} show={shown} />
      </div>
      <Side document={memo.value} sites={sites} input={input} onRenew={memo.retry} />
    </div>
  )
}

function Side({
  document,
  sites,
  input,
  onRenew,
}: {
  document: Document
  sites: readonly SiteReport[]
  input: { sites: string[]; overrides: ReturnType<typeof useOverrides> }
  onRenew: () => void
}) {
  const nowMs = useNow(10_000)
  const checks = memoChecks(document, sites, nowMs)
  const [first] = sites
  return (
    <aside className={css.checks} aria-label="Checks">
      <FigureNumber
        label={<strong>Checks passed</strong>}
        value={String(checks.filter((c) => c.passed).length)}
        unit={`of ${checks.length}`}
      />
      <ul className={css.list}>
        {checks.map((c) => (
          <CheckRow key={c.id} check={c} />
        ))}
      </ul>
      <div className={css.acts}>
        <Exporting input={input} timeZone={first?.timeZone ?? 'UTC'} />
        <Button onPress={onRenew}>Renew the preview</Button>
      </div>
    </aside>
  )
}

function CheckRow({ check }: { check: Check }) {
  return (
    <li className={check.passed ? undefined : css.no}>
      <Icon name={check.passed ? 'check' : 'cross'} />
      <div>
        <div className={css.checkLabel}>
          {check.label}
          <span className={css.hidden}>{check.passed ? ', passed' : ', failed'}</span>
        </div>
        <div className={css.note}>{check.note}</div>
      </div>
    </li>
  )
}

function Exporting({ input, timeZone }: { input: { sites: string[]; overrides: ReturnType<typeof useOverrides> }; timeZone: string }) {
  const exporting = useDo('memo.export')
  const elapsed = useElapsed(exporting.isPending)
  const [atMs, setAtMs] = useState(0)
  return (
    <>
      <div className={css.outcome} role="status">
        {exporting.isPending && (
          <>
            <span className={css.progress} aria-hidden="true" />
            Making the PDF, {elapsed} s. It goes on when you leave this view.
          </>
        )}
        {exporting.isSuccess && `${exportedWords(exporting.data)} ${clockTimeZone(atMs, timeZone)}`}
      </div>
      {exporting.error && (
        <p className={css.problem} role="alert">
          No PDF was written. {failureWords(exporting.error)}
        </p>
      )}
      <Button
        kind="main"
        onPress={() => exporting.mutate(input, { onSuccess: () => setAtMs(engineNow()) })}
        isDisabled={exporting.isPending}
      >
        Export PDF
      </Button>
    </>
  )
}

const useElapsed = (running: boolean): number => {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (!running) return
    setSeconds(0)
    const timer = setInterval(() => setSeconds((s) => s + 1), 1000)
    return () => clearInterval(timer)
  }, [running])
  return seconds
}
