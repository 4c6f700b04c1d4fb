import type { SiteReport } from '#shared/decision/site-report.ts'
import { age, type PriceUnit } from '#shared/format.ts'
import { useAsk } from '../../api.ts'
import { AgeText } from '../../components/AgeText.tsx'
import { StateChip } from '../../components/Chip.tsx'
import { FigureWay } from '../../components/DerivationTree.tsx'
import { NotReady } from '../../components/NotReady.tsx'
import { Panel } from '../../components/Panel.tsx'
import { chipStates, freshnessWords } from '../../input-view.ts'
import text from '../../theme/text.module.css'
import { inputValue } from './input-value.ts'
import { say } from './view-model.ts'
import css from './WhyPanel.module.css'

export function WhyPanel({ site, unit, onClose }: { site: SiteReport; unit: PriceUnit; onClose: () => void }) {
  // Where the margin is withheld, what it would rest on is still known.
  const figure = site.marginPerMwh === null ? 'break_even_power_per_mwh' : 'margin_per_mwh'
  const way = useAsk('figures.explain', { site: site.id, figure, overrides: {} })
  return (
    <Panel title="Why this advice" subtitle={`${site.name}, ${site.market}`} onClose={onClose}>
      <p className={css.advice}>
        <b>{say(site.recommendation.headline, site, unit)}</b> {say(site.recommendation.reason, site, unit)}
      </p>
      <h3 className={css.heading}>{site.marginPerMwh === null ? 'How the break-even was computed' : 'How the margin was computed'}</h3>
      {way.state === 'ready' ? <FigureWay of={way.value} timeZone={site.timeZone} /> : <NotReady of={way} what="how it was computed" />}
      <h3 className={css.heading}>Inputs</h3>
      <ul className={css.inputs}>
        {site.inputs.map((i) => (
          <li key={i.id}>
            <span className={css.name}>{i.label}</span>
            <span className={i.freshness === 'dead' ? text.struck : undefined}>{inputValue(i, unit)}</span>
            <span className={css.origin}>
              {i.source}, {i.quality}
              {i.problem === null ? '' : `. ${i.problem}`}
            </span>
            <span className={css.age}>
              {i.freshness !== 'fresh' && <StateChip state={chipStates[i.freshness]}>{freshnessWords[i.freshness]}</StateChip>}
              <span>
                <AgeText atMs={i.observedAtMs} timeZone={site.timeZone} />
                {i.limits && <span className={text.mute}> of {age(i.limits.staleAfterMs)}</span>}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
