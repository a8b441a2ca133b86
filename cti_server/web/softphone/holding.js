// Which window of this browser has the telephone: one at a time. When it is closed, the next one has it by itself.

const LOCK = "hotline.phone";

export class Holding {
  /**
   * @param {() => void} got told when another window has let the telephone go
   * @param {() => void} lost told when another window has taken it
   */
  constructor(got, lost) {
    this.got = got;
    this.lost = lost;
    this.waits = false;
    /** A page without locks was opened without encryption, and has no microphone either. */
    this.held = !navigator.locks;
  }

  /** Have the telephone unless another window has it; then wait for it. @returns {Promise<boolean>} whether we have it */
  async ask() {
    if (this.held) return true;
    if (this.waits) return false;
    const free = await this.#request({ ifAvailable: true });
    if (!free) this.#wait();
    return free;
  }

  /** Take it from whichever window has it. */
  async take() {
    if (!this.held) await this.#request({ steal: true });
  }

  async #wait() {
    this.waits = true;
    await this.#request({});
    this.waits = false;
    if (this.held) this.got();
  }

  /** @param {LockOptions} options @returns {Promise<boolean>} whether the lock is ours, told as soon as that is known */
  #request(options) {
    return new Promise((resolve) => {
      navigator.locks
        .request(LOCK, options, (lock) => {
          this.held ||= Boolean(lock);
          resolve(Boolean(lock));
          return lock ? new Promise(() => undefined) : undefined; // for as long as this window is there
        })
        .catch(() => {
          this.held = false;
          resolve(false);
          this.lost();
        });
    });
  }
}
