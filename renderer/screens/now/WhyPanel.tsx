import type { SiteReport } from '#shared/decision/site-report.ts'
import { age, type PriceUnit } from '#shared/format.ts'
import { AgeText } from '../../components/AgeText.tsx'
import { StateChip } from '../../components/Chip.tsx'
import { Panel } from '../../components/Panel.tsx'
import { chipStates, freshnessWords } from '../../input-view.ts'
import text from '../../theme/text.module.css'
import { say } from './view-model.ts'
import css from './WhyPanel.module.css'
import { inputValue, whySteps } from './why.ts'

export function WhyPanel({ site, unit, onClose }: { site: SiteReport; unit: PriceUnit; onClose: () => void }) {
  return (
    <Panel title="Why this advice" subtitle={`${site.name}, ${site.market}`} onClose={onClose}>
      <p className={css.advice}>
        <b>{say(site.recommendation.headline, site, unit)}</b> {say(site.recommendation.reason, site, unit)}
      </p>
      <h3 className={css.heading}>Worked by hand</h3>
      <dl className={css.steps}>
        {whySteps(site, unit).map((s) => (
          <div key={s.label}>
            <dt>
              {s.label}
              <span className={css.formula}>{s.formula}</span>
            </dt>
            <dd>{s.result}</dd>
          </div>
        ))}
      </dl>
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
