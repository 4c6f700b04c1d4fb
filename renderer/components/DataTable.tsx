import { createColumnHelper, type RowData, tableFeatures, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import css from './DataTable.module.css'

export type Column<R> = {
  readonly id: string
  readonly head: string
  /** Least width in CSS pixels; what is left is shared out. */
  readonly width: number
  readonly number?: boolean
  readonly sortable?: boolean
  readonly cell: (row: R) => ReactNode
  /** hatched: stale. struck: too old. loss: a negative margin. */
  readonly mark?: (row: R) => { readonly hatched?: boolean; readonly loss?: boolean; readonly mono?: boolean }
}

type DataTableProps<R> = {
  label: string
  columns: readonly Column<R>[]
  total: number
  /** Undefined: that row is on its way. */
  rowAt: (index: number) => R | undefined
  rowKey: (row: R) => string
  rowHeight: number
  sort: { readonly id: string; readonly descending: boolean }
  onSort: (id: string) => void
  selected: string | null
  onSelect: (key: string) => void
  onOpen: (key: string) => void
  /** First and last index that is drawn; the screen fetches these. */
  onWindow: (first: number, last: number) => void
  empty: ReactNode
}

type Slot<R> = { readonly index: number; readonly row: R | undefined }
const features = tableFeatures({})
const HEAD = 28

/**
 * A grid over any number of rows of which only those in sight exist. Sorting and filtering are the engine's; the table
 * asks for rows by index. One click selects, double click or Enter opens; arrows, Home, End and the page keys move.
 */
export function DataTable<R extends RowData>(p: DataTableProps<R>) {
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState({ row: 0, col: 0 })
  const wantsFocus = useRef(false)
  const virtual = useVirtualizer({
    count: p.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => p.rowHeight,
    overscan: 12,
    scrollPaddingStart: HEAD,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const { onWindow } = p
  useEffect(() => onWindow(first, last), [onWindow, first, last])

  const columns = useMemo(() => {
    const helper = createColumnHelper<typeof features, Slot<R>>()
    return helper.columns(
      p.columns.map((c) =>
        helper.display({
          id: c.id,
          header: c.head,
          cell: ({ row }) => (row.original.row === undefined ? <span className={css.coming} /> : c.cell(row.original.row)),
        }),
      ),
    )
  }, [p.columns])
  const data: Slot<R>[] = items.map((i) => ({ index: i.index, row: p.rowAt(i.index) }))
  const table = useTable({ features, columns, data, getRowId: (slot) => String(slot.index) })

  useEffect(() => {
    if (!wantsFocus.current) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${active.row}.${active.col}"]`)
    if (cell) {
      wantsFocus.current = false
      cell.focus({ preventScroll: true })
    }
  })

  const move = (row: number, col: number) => {
    const to = { row: Math.min(p.total - 1, Math.max(0, row)), col: Math.min(p.columns.length - 1, Math.max(0, col)) }
    wantsFocus.current = true
    setActive(to)
    virtual.scrollToIndex(to.row, { align: 'auto' })
    const target = p.rowAt(to.row)
    if (target !== undefined && to.row !== active.row) p.onSelect(p.rowKey(target))
  }
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD) / p.rowHeight) - 1)
    const far = event.ctrlKey || event.metaKey
    const { row, col } = active
    const steps: Record<string, readonly [number, number]> = {
      ArrowDown: [row + 1, col],
      ArrowUp: [row - 1, col],
      ArrowRight: [row, col + 1],
      ArrowLeft: [row, col - 1],
      PageDown: [row + page, col],
      PageUp: [row - page, col],
      Home: far ? [0, 0] : [row, 0],
      End: far ? [p.total - 1, p.columns.length - 1] : [row, p.columns.length - 1],
    }
    const step = steps[event.key]
    const here = p.rowAt(row)
    if (step) {
      event.preventDefault()
      move(step[0], step[1])
    } else if (here !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      if (event.key === 'Enter') p.onOpen(p.rowKey(here))
      else p.onSelect(p.rowKey(here))
    }
  }

  const before = items[0]?.start ?? 0
  const after = Math.max(0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0))
  const rows = table.getRowModel().rows
  return (
    <div className={css.scroller} ref={scroller}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the grid pattern, on the element that lays columns out */}
      <table className={css.table} role="grid" aria-label={p.label} aria-rowcount={p.total + 1} aria-colcount={p.columns.length}>
        <colgroup>
          {p.columns.map((c) => (
            <col key={c.id} style={{ width: c.width }} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header, i) => {
                const column = p.columns[i]
                if (!column) return null
                const sorted = p.sort.id === column.id
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={[css.head, column.number ? css.number : '', i === 0 ? css.pinned : ''].join(' ')}
                    aria-sort={sorted ? (p.sort.descending ? 'descending' : 'ascending') : undefined}
                  >
                    {column.sortable === false ? (
                      column.head
                    ) : (
                      <button type="button" className={css.sort} onClick={() => p.onSort(column.id)}>
                        {column.head}
                        {sorted && <span aria-hidden="true"> {p.sort.descending ? '↓' : '↑'}</span>}
                      </button>
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody onKeyDown={press}>
          {before > 0 && <Space height={before} columns={p.columns.length} />}
          {rows.map((row) => {
            const slot = row.original
            const key = slot.row === undefined ? null : p.rowKey(slot.row)
            const chosen = key !== null && key === p.selected
            return (
              <tr
                key={slot.index}
                aria-rowindex={slot.index + 2}
                aria-selected={chosen}
                className={chosen ? css.chosen : css.row}
                style={{ height: p.rowHeight }}
                onClick={() => {
                  if (key !== null) p.onSelect(key)
                }}
                onDoubleClick={() => {
                  if (key !== null) p.onOpen(key)
                }}
              >
                {row.getAllCells().map((cell, i) => {
                  const column = p.columns[i]
                  const mark = slot.row !== undefined ? column?.mark?.(slot.row) : undefined
                  const here = active.row === slot.index && active.col === i
                  return (
                    <td
                      key={cell.id}
                      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: cell of a grid, with its own focus
                      role="gridcell"
                      aria-colindex={i + 1}
                      data-cell={`${slot.index}.${i}`}
                      tabIndex={here || (active.row < first && slot.index === first && i === 0) ? 0 : -1}
                      onFocus={() => setActive({ row: slot.index, col: i })}
                      className={[
                        css.cell,
                        column?.number ? css.number : '',
                        i === 0 ? css.pinned : '',
                        mark?.hatched ? css.hatched : '',
                        mark?.loss ? css.loss : '',
                        mark?.mono ? css.mono : '',
                      ].join(' ')}
                    >
                      {mark?.hatched ? (
                        <span className={css.patch}>
                          <table.FlexRender cell={cell} />
                        </span>
                      ) : (
                        <table.FlexRender cell={cell} />
                      )}
                    </td>
                  )
                })}
              </tr>
            )
          })}
          {after > 0 && <Space height={after} columns={p.columns.length} />}
        </tbody>
      </table>
      {p.total === 0 && <div className={css.empty}>{p.empty}</div>}
    </div>
  )
}

/** Stands for the rows out of sight. */
function Space({ height, columns }: { height: number; columns: number }) {
  return (
    <tr>
      <td className={css.space} colSpan={columns} style={{ height }} />
    </tr>
  )
}
