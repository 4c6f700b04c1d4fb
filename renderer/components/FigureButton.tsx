import type { FigureId } from '#shared/decision/figure.ts'
import { go, useRoute } from '../routes.ts'
import { Button } from './Button.tsx'
import css from './FigureButton.module.css'
import { Icon } from './Icon.tsx'

/** Beside a figure: opens the panel with the way it came about. */
export function FigureButton({ figure, of, name }: { figure: FigureId; of: string; name: string }) {
  const { figure: open } = useRoute()
  const isOpen = open?.id === figure && open.of === of
  return (
    <span className={css.place}>
      <Button
        kind="tool"
        aria-label={`How this figure was computed: ${name}`}
        aria-expanded={isOpen}
        onPress={() => go({ figure: isOpen ? null : { id: figure, of }, why: false })}
      >
        <Icon name="unfold" small />
      </Button>
    </span>
  )
}
