/** What the page needs of a Worker that is asked `Asked` and says `Said`: a test can put a double in its place. */
export interface PageWorker<Asked, Said> {
  postMessage(message: Asked, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Said>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}
