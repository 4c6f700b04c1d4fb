import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './Button.tsx'
import css from './Dialog.module.css'
import { Icon } from './Icon.tsx'

type DialogProps = { title: string; isOpen: boolean; onClose: () => void; children: ReactNode }

/** For confirming only; details open in a Panel. Escape and the cross close it, the focus returns to where it was. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  return (
    <ModalOverlay className={css.overlay ?? ''} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={css.sheet ?? ''}>
        <AriaDialog className={css.dialog ?? ''}>
          <header className={css.head}>
            <Heading slot="title" className={css.title ?? ''}>
              {title}
            </Heading>
            <Button kind="tool" aria-label="Close" onPress={onClose}>
              <Icon name="cross" />
            </Button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
