import * as z from 'zod'
import { atLeastZero, finite, model, positive } from '../model.ts'

const State = z.union([z.literal(0), z.literal(1)])
const MOST_INTERVALS = 1_000_000

const HysteresisInputs = z
  .object({
    marginPerMWh: z.array(finite).min(1).max(MOST_INTERVALS),
    initialOn: State,
    offBelow: finite,
    onAbove: finite,
    offAfterIntervals: z.int().min(1),
    onAfterIntervals: z.int().min(1),
    /** 1: a grid signal or a demand-response call holds in that interval. */
    emergency: z.array(State).max(MOST_INTERVALS).optional(),
  })
  .superRefine((i, refuse) => {
    if (i.emergency !== undefined && i.emergency.length !== i.marginPerMWh.length)
      refuse.addIssue({
        code: 'custom',
        path: ['emergency'],
        message: `has ${i.emergency.length} intervals, the margin ${i.marginPerMWh.length}`,
      })
  })

/**
 * What actually switches machines: off after so many intervals in a row with a margin below one line, on after so many above
 * another; the interval that completes the run has the new state, any other interval begins the count anew. An emergency is
 * off at once, whatever the count, and coming back takes the whole run again.
 * Worked: on, off below −3 after 2: margins −4, −6 switch off in the second of them.
 */
export const hysteresis = model({ id: 'curtailment.hysteresis', section: '4.2' }, HysteresisInputs, (i) => {
  let on = i.initialOn
  let run = 0
  let switches = 0
  const states = i.marginPerMWh.map((margin, t) => {
    if (i.emergency?.[t] === 1) {
      if (on === 1) switches++
      on = 0
      run = 0
      return on
    }
    run = (on === 1 ? margin < i.offBelow : margin > i.onAbove) ? run + 1 : 0
    if (run >= (on === 1 ? i.offAfterIntervals : i.onAfterIntervals)) {
      on = on === 1 ? 0 : 1
      switches++
      run = 0
    }
    return on
  })
  return { states: states.join(''), switches }
})

/**
 * Lines and counts where nobody set them: a loss is borne until a spike of the expected length would cost more than the
 * restart; coming back asks for half of that as a gain, one interval more.
 * Worked: restart 12 USD/MW, spikes of 4 h: off below −3, on above 1.5 USD/MWh.
 */
export const hysteresisDefaults = model(
  { id: 'curtailment.hysteresisDefaults', section: '4.2' },
  z.object({ restartCostUsdPerMW: atLeastZero, expectedSpikeHours: positive }),
  (i, { step }) => {
    const offBelow = step('offBelow', -i.restartCostUsdPerMW / i.expectedSpikeHours, '0 - restartCostUsdPerMW / expectedSpikeHours')
    return { offBelow, onAbove: step('onAbove', -offBelow / 2, '(0 - offBelow) / 2'), offAfterIntervals: 1, onAfterIntervals: 2 }
  },
)
