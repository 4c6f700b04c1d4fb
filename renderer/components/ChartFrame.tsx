import { type ReactNode, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import css from './ChartFrame.module.css'
import { type Cell, csvText, fileName, saveFile } from './csv.ts'
import { Icon } from './Icon.tsx'
import { ScrollRegion } from './ScrollRegion.tsx'
import { type ChartBuilder, useChart } from './use-chart.ts'

/** The chart's data as rows: shown by `Show as table`, exported as CSV. Text is what is shown, `raw` what is exported. */
export type ChartTable = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly { readonly text: string; readonly raw: Cell; readonly number?: boolean }[])[]
}

type ChartFrameProps = {
  /** The finding, not the quantity. */
  title: string
  /** Unit, zone, window, source. */
  subtitle: ReactNode
  build: ChartBuilder
  table: ChartTable
  /** A what-if box or a switch, left of the tools. */
  tools?: ReactNode
  className?: string | undefined
}

export function ChartFrame({ title, subtitle, build, table, tools, className }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false)
  const [said, setSaid] = useState('')
  const host = useRef<HTMLDivElement>(null)
  const chart = useChart(host, build)
  const page = () => getComputedStyle(document.documentElement).getPropertyValue('--page').trim()

  const copyImage = async () => {
    const canvas = chart.current?.renderToCanvas({ pixelRatio: 2, backgroundColor: page() })
    const blob = canvas ? await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png')) : null
    if (!blob) return setSaid('There is no chart to copy yet.')
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
      setSaid('Image copied.')
    } catch {
      saveFile(fileName(title, 'png'), blob)
      setSaid('The clipboard was refused; the image is saved as a file.')
    }
  }
  const exportCsv = () => {
    const text = csvText(
      table.head,
      table.rows.map((row) => row.map((c) => c.raw)),
    )
    saveFile(fileName(title, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }))
    setSaid('CSV exported.')
  }

  return (
    <figure className={[css.frame, className ?? ''].join(' ')}>
      <header className={css.head}>
        <figcaption className={css.caption}>
          <h2 className={css.title}>{title}</h2>
          <div className={css.subtitle}>{subtitle}</div>
        </figcaption>
        <div className={css.tools}>
          {tools}
          <Tool label={asTable ? 'Show as chart' : 'Show as table'} onPress={() => setAsTable(!asTable)}>
            <Icon name={asTable ? 'chart' : 'table'} />
          </Tool>
          <Tool label="Copy image" onPress={() => void copyImage()}>
            <Icon name="copy" />
          </Tool>
          <Tool label="Export CSV" onPress={exportCsv}>
            <Icon name="download" />
          </Tool>
        </div>
      </header>
      <div className={css.plot}>
        <div
          ref={host}
          className={asTable ? css.away : css.canvas}
          role="img"
          aria-label={`${title}. Show as table for the figures.`}
          aria-hidden={asTable}
        />
        {asTable && <FiguresTable table={table} label={title} />}
      </div>
      <span className={css.said} role="status">
        {said}
      </span>
    </figure>
  )
}

export function Tool({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <span className={css.tool} title={label}>
      <Button kind="tool" aria-label={label} onPress={onPress}>
        {children}
      </Button>
    </span>
  )
}

function FiguresTable({ table, label }: { table: ChartTable; label: string }) {
  const numeric = table.rows[0]?.map((c) => c.number ?? false) ?? []
  return (
    <ScrollRegion className={css.figures} label={`${label}, as a table`}>
      <table>
        <thead>
          <tr>
            {table.head.map((h, i) => (
              <th key={h} scope="col" className={numeric[i] ? css.number : undefined}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced whole
            <tr key={r}>
              {row.map((c, i) => (
                <td key={table.head[i]} className={c.number ? css.number : undefined}>
                  {c.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
