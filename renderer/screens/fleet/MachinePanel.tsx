import type { ReactNode } from 'react'
import type { OutputOf } from '#shared/contract.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { dateTime, decimal, type PriceUnit, priceUnit } from '#shared/format.ts'
import { HOUR_MS } from '#shared/time.ts'
import { useAsk } from '../../api.ts'
import { AgeText } from '../../components/AgeText.tsx'
import { HistoryLine } from '../../components/HistoryLine.tsx'
import { MachineStateMark } from '../../components/MachineStateMark.tsx'
import { NotReady } from '../../components/NotReady.tsx'
import { Panel } from '../../components/Panel.tsx'
import text from '../../theme/text.module.css'
import css from './MachinePanel.module.css'
import { curtailmentWords, rowText, whyUnknown } from './view-model.ts'

type Detail = OutputOf<'fleet.machine'>

export function MachinePanel({
  id,
  unit,
  sites,
  onClose,
}: {
  id: string
  unit: PriceUnit
  sites: readonly SiteReport[]
  onClose: () => void
}) {
  const machine = useAsk('fleet.machine', { id })
  return (
    <Panel
      title={machine.state === 'ready' ? machine.value.machine.name : id}
      subtitle={machine.state === 'ready' ? `${machine.value.row.model}, ${machine.value.row.siteName}` : undefined}
      onClose={onClose}
    >
      {machine.state === 'ready' ? (
        <Details detail={machine.value} unit={unit} zone={sites.find((s) => s.id === machine.value.machine.siteId)?.timeZone ?? 'UTC'} />
      ) : (
        <NotReady of={machine} what={id} />
      )}
    </Panel>
  )
}

const list = (values: readonly number[], unit: string) =>
  values.length === 0 ? '—' : `${values.map((v) => decimal(v, 0)).join(', ')} ${unit}`

function Details({ detail, unit, zone }: { detail: Detail; unit: PriceUnit; zone: string }) {
  const { row, machine } = detail
  const t = rowText(row, unit)
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['State', <MachineStateMark key="state" state={row.state} reason={row.reason} />],
    ['Reason', row.reason ?? '—'],
    ['Heard', <AgeText key="heard" atMs={row.observedAtMs} timeZone={zone} suffix=" ago" />],
    ['Hashrate', `${t.hashrate}${row.hashrateThs === null ? '' : ' TH/s'} of ${decimal(machine.nameplateThs, 0)} TH/s name plate`],
    [
      'Power',
      row.powerW === null
        ? '—'
        : `${t.power} kW, ${row.powerSource ?? 'source unknown'}; name plate ${decimal(machine.nameplateW === null ? null : machine.nameplateW / 1000, 2)} kW`,
    ],
    ['Efficiency', row.efficiencyJth === null ? `—, ${whyUnknown(row)}` : `${t.efficiency} J/TH`],
    [`Break-even`, row.breakEvenPerMwh === null ? `—, ${whyUnknown(row)}` : `${t.breakEven} ${priceUnit(unit)}`],
    ['Margin', row.marginPerMwh === null ? '—' : `${t.margin} ${priceUnit(unit)}`],
    ['Curtailment', curtailmentWords[row.curtailment]],
    ['Boards', list(detail.boardTempsC, '°C')],
    ['Chips', list(detail.chipTempsC, '°C')],
    ['Fans', list(detail.fansRpm, 'rpm')],
    ['Up', detail.uptimeS === null ? '—' : `${decimal((detail.uptimeS * 1000) / HOUR_MS, 1)} h`],
    [
      'Pools',
      detail.pools.length === 0
        ? '—'
        : detail.pools.map((p) => `${p.url ?? 'unnamed'}${p.alive === null ? '' : p.alive ? ', alive' : ', dead'}`).join('; '),
    ],
    ['Address', <span key="address" className={text.mono}>{`${row.address}:${machine.apiPort}`}</span>],
    ['Firmware', `${row.family ?? 'family unknown'}${detail.firmwareVersion === null ? '' : `, ${detail.firmwareVersion}`}`],
    ['MAC', detail.mac ?? '—'],
    ['Serial', detail.serial ?? '—'],
    ['Rack', machine.rack === null ? '—' : `${machine.rack}${machine.position === null ? '' : `, position ${machine.position}`}`],
  ]
  const [oldest] = detail.history
  return (
    <>
      <h3 className={css.heading}>Hashrate, TH/s, {oldest ? `since ${dateTime(oldest.observedAtMs, zone)}` : 'nothing kept yet'}</h3>
      <HistoryLine
        label={`Hashrate of ${machine.name}`}
        points={detail.history.map((h) => ({ atMs: h.observedAtMs, value: h.hashrateThs }))}
        top={machine.nameplateThs}
        format={(v) => decimal(v, 0)}
      />
      <dl className={css.rows}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {detail.problems.length > 0 && (
        <>
          <h3 className={css.heading}>Sent, but not taken over</h3>
          <ul className={css.problems}>
            {detail.problems.map((p) => (
              <li key={p.field}>
                <b>{p.field}</b>: {p.reason} <code className={text.mono}>{p.raw}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
