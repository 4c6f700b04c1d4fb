import { type FormEvent, useState } from 'react'
import { Input, Label, NumberField, Radio, RadioGroup, TextArea, TextField } from 'react-aria-components'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { useDo } from '../../api.ts'
import { Button } from '../../components/Button.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import { failureWords } from '../../words.ts'
import css from './RecordDialog.module.css'

type Action = 'ran' | 'curtailed' | 'ignored'
const actions: readonly { id: Action; label: string; note: string }[] = [
  { id: 'ran', label: 'Ran', note: 'all blocks kept hashing' },
  { id: 'curtailed', label: 'Curtailed', note: 'load was taken off' },
  { id: 'ignored', label: 'Ignored', note: 'the advice was not followed' },
]
const suggested: Record<SiteReport['recommendation']['action'], Action> = { run: 'ran', curtail: 'curtailed', none: 'ran' }

/** Writes what the operator did to the log; the engine adds the advice and the inputs as they are now. */
export function RecordDialog({
  site,
  isOpen,
  onClose,
  onDone,
}: {
  site: SiteReport
  isOpen: boolean
  onClose: () => void
  onDone: (said: string) => void
}) {
  return (
    <Dialog title={`Record what we did at ${site.name}`} isOpen={isOpen} onClose={onClose}>
      <RecordForm site={site} onClose={onClose} onDone={onDone} />
    </Dialog>
  )
}

function RecordForm({ site, onClose, onDone }: { site: SiteReport; onClose: () => void; onDone: (said: string) => void }) {
  const [action, setAction] = useState<Action>(suggested[site.recommendation.action])
  const [mw, setMw] = useState<number>(site.recommendation.action === 'curtail' ? (site.recommendation.mw ?? Number.NaN) : Number.NaN)
  const [reason, setReason] = useState('')
  const record = useDo('decision.record', ['decision.list'])
  const word = actions.find((a) => a.id === action)?.label ?? action
  const submit = (event: FormEvent) => {
    event.preventDefault()
    record.mutate(
      { site: site.id, action, mw: Number.isFinite(mw) ? mw : null, reason: reason.trim() },
      {
        onSuccess: () => {
          onDone(`Recorded: ${word.toLowerCase()} at ${site.name}.`)
          onClose()
        },
      },
    )
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <p className={css.advice}>
        The advice was: <b>{site.recommendation.headline}</b> It is kept with the inputs as they are now.
      </p>
      <RadioGroup
        className={css.actions ?? ''}
        value={action}
        onChange={(v) => setAction(actions.find((a) => a.id === v)?.id ?? 'ran')}
        aria-label="What was done"
      >
        {actions.map((a) => (
          <Radio key={a.id} value={a.id} className={css.action ?? ''}>
            <span className={css.dot} aria-hidden="true" />
            <span>
              <b>{a.label}</b> <span className={css.note}>{a.note}</span>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      <NumberField
        className={css.field ?? ''}
        value={mw}
        onChange={setMw}
        minValue={0}
        step={0.01}
        formatOptions={{ maximumFractionDigits: 2 }}
      >
        <Label>MW, if it is known</Label>
        <Input className={css.box ?? ''} />
      </NumberField>
      <TextField className={css.field ?? ''} value={reason} onChange={setReason} maxLength={1024}>
        <Label>Reason, if there is one to keep</Label>
        <TextArea className={css.area ?? ''} rows={2} />
      </TextField>
      {record.error && (
        <p className={css.problem} role="alert">
          It was not recorded. {failureWords(record.error)}
        </p>
      )}
      <div className={css.buttons}>
        <Button kind="quiet" onPress={onClose}>
          Close without recording
        </Button>
        <Button kind="main" type="submit" isDisabled={record.isPending}>
          {`Record: ${word.toLowerCase()}${Number.isFinite(mw) && action !== 'ran' ? ` ${mw} MW` : ''}`}
        </Button>
      </div>
    </form>
  )
}
