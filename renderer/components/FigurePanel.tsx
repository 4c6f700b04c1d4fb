import type { SiteReport } from '#shared/decision/site-report.ts'
import { shownText } from '#shared/derivation-text.ts'
import { useAsk } from '../api.ts'
import { useOverrides } from '../drafts.ts'
import { go, type Route } from '../routes.ts'
import css from './DerivationTree.module.css'
import { FigureWay } from './DerivationTree.tsx'
import { NotReady } from './NotReady.tsx'
import { Panel } from './Panel.tsx'

/** How one figure of a site came about, with the assumptions as they stand on Plan. */
export function FigurePanel({ figure, site }: { figure: NonNullable<Route['figure']>; site: Pick<SiteReport, 'name' | 'timeZone'> }) {
  const overrides = useOverrides(figure.of)
  const asked = useAsk('figures.explain', { site: figure.of, figure: figure.id, overrides }, { keepPrevious: true, gcTime: 30_000 })
  const close = () => go({ figure: null })
  const title = asked.state === 'ready' ? asked.value.label : 'How this figure was computed'
  return (
    <Panel title={title} subtitle={`${site.name}. How this figure was computed`} onClose={close}>
      {asked.state === 'ready' ? (
        <>
          <p className={css.figure}>{shownText(asked.value.value, asked.value.unit)}</p>
          <FigureWay of={asked.value} timeZone={site.timeZone} />
        </>
      ) : (
        <NotReady of={asked} what="how the figure was computed" />
      )}
    </Panel>
  )
}
