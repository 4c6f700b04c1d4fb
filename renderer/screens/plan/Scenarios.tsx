import { useEffect, useMemo, useState } from 'react'
import type { ScenarioReport } from '#shared/decision/scenario-report.ts'
import { count, decimal, percent } from '#shared/format.ts'
import { useAsk } from '../../api.ts'
import { Button } from '../../components/Button.tsx'
import { ChartFrame } from '../../components/ChartFrame.tsx'
import { NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { ScrollRegion } from '../../components/ScrollRegion.tsx'
import type { Overrides } from '../../drafts.ts'
import text from '../../theme/text.module.css'
import css from './Draws.module.css'
import plan from './PlanScreen.module.css'
import { pathFinding, pathOption, pathTable, scenarioLines, scenariosFinding } from './scenarios-view.ts'

/** A slider on the move asks about where it comes to rest: the table takes a thread of its own. */
const REST_MS = 400

export function Scenarios({ site, name, overrides }: { site: string; name: string; overrides: Overrides }) {
  const [rested, setRested] = useState(overrides)
  useEffect(() => {
    const timer = setTimeout(() => setRested(overrides), REST_MS)
    return () => clearTimeout(timer)
  }, [overrides])
  const asked = useAsk('plan.scenarios', { site, overrides: rested }, { keepPrevious: true })
  if (asked.state !== 'ready') return <NotReady of={asked} what={`the scenarios of ${name}`} />
  return (
    <div className={css.view}>
      <StaleAnswer of={asked} what="the scenarios" />
      <Table report={asked.value} />
    </div>
  )
}

function Table({ report }: { report: ScenarioReport }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const row = report.rows.find((r) => r.id === chosen) ?? report.rows[0]
  return (
    <>
      <h2 className={text.heading}>{scenariosFinding(report)}</h2>
      <p className={plan.note}>
        {decimal(report.fleetMw, 1)} MW of machines over {count(report.months, 'month')}; mining at {percent(report.miningDiscountRate, 0)},
        the conversion at its own rate. Mining follows each course, halvings included, so the first row is not the entered case.
      </p>
      {report.noConversion !== null && <p className={css.line}>No conversion is compared. {report.noConversion}</p>}
      <ScrollRegion className={css.scenarios} label="Scenarios, as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              <th scope="col" className={css.number}>
                Hashprice, $/PH/day
              </th>
              <th scope="col" className={css.number}>
                NPV mining on, less today’s
              </th>
              <th scope="col" className={css.number}>
                NPV of converting, against it
              </th>
              <th scope="col" className={css.number}>
                Months below break-even
              </th>
            </tr>
          </thead>
          <tbody>
            {scenarioLines(report).map((l) => (
              <tr key={l.id} data-chosen={l.id === row?.id} data-baseline={l.baseline}>
                <th scope="row">
                  <Button kind="link" small aria-pressed={l.id === row?.id} onPress={() => setChosen(l.id)}>
                    {l.title}
                  </Button>
                  {l.problem !== null && <span className={plan.note}> {l.problem}</span>}
                </th>
                <td className={css.number}>{l.hashprice}</td>
                <td className={css.number}>
                  {l.mining}
                  <br />
                  <span className={plan.note}>{l.against}</span>
                </td>
                <td className={[css.number, l.loss ? text.loss : ''].join(' ')}>{l.conversion}</td>
                <td className={css.number}>{l.below}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {report.problems.map((p) => (
        <p key={p.file} className={css.line}>
          Not a scenario: {p.reason}
        </p>
      ))}
      {row !== undefined && row.figures !== null && <Path row={row} months={report.months} />}
    </>
  )
}

function Path({ row, months }: { row: ScenarioReport['rows'][number]; months: number }) {
  const option = useMemo(() => pathOption(row), [row])
  return (
    <ChartFrame
      className={[plan.chart, css.path].join(' ')}
      title={pathFinding(row, months)}
      subtitle={`$/PH/day by month from today. ${row.source}`}
      build={option}
      table={pathTable(row)}
    />
  )
}
