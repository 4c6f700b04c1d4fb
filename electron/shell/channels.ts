/** Names of the channels between page and shell; one for each entry of the contract. */
export const askChannel = (question: string) => `ask ${question}`
export const tellChannel = (notice: string) => `tell ${notice}`
