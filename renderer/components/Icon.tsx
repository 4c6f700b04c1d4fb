import css from './Icon.module.css'

/** Own set on a 16 px field: square caps, 1.5 px, no fill. */
const paths = {
  now: 'M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l3-4.5',
  fleet: 'M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11',
  plan: 'M3 2.5v11M8 2.5v11M13 2.5v11M1.5 6h3M6.5 10h3M11.5 5h3',
  memo: 'M3.5 1.5h6l3 3v10h-9zM5.5 7.5h5M5.5 10.5h5',
  sources: 'M3 4.5h10M3 8h10M3 11.5h10M5 3.5v2M10 7v2M7 10.5v2',
  menu: 'M3 4.5h10M3 8h10M3 11.5h10',
  more: 'M3.5 7.5h1v1h-1zM7.5 7.5h1v1h-1zM11.5 7.5h1v1h-1z',
  down: 'M4.5 6.5L8 10l3.5-3.5',
  find: 'M11 7a4 4 0 1 1-8 0a4 4 0 0 1 8 0M10 10l3.5 3.5',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  chart: 'M2.5 2.5v11h11M4.5 10.5l3-4l2.5 2.5l3.5-5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  download: 'M8 2.5v7.5M5 7.5l3 3 3-3M2.5 13.5h11',
  warning: 'M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.5v.5',
  partial: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5M8 2.5V8H2.5',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  offline: 'M2 14L14 2M4 9a6 6 0 0 1 2-4M10 5.5a6 6 0 0 1 2 3.5',
  lock: 'M4.5 7.5h7v6h-7zM6 7.5V5a2 2 0 0 1 4 0v2.5',
  retry: 'M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3',
  demo: 'M6 2.5h4M6.5 2.5v4l-4 7h11l-4-7v-4M4.5 10.5h7',
  unfold: 'M2.5 3h5M5 3v9.5h3.5M5 7.5h3.5M10.5 7.5h3M10.5 12.5h3',
  right: 'M6.5 4.5L10 8l-3.5 3.5',
  file: 'M3.5 1.5h6l3 3v10h-9zM8 7v5M6 9l2-2l2 2',
} as const
export type IconName = keyof typeof paths

export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? css.small : css.icon} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

export function Mark() {
  return (
    <svg className={css.mark} viewBox="0 0 20 20" aria-hidden="true">
      <path className={css.steps} d="M2 17V13h4v4zM6 17V9h4v8zM10 17V5h4v12zM14 17V2h4v15z" />
      <path className={css.cut} d="M0 10.5h20" />
    </svg>
  )
}
