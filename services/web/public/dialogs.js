/** Opens a form in a dialog. `submit` gets the fields and the pressed button; what it throws is shown, and the form stays. */
export const createDialog = (dialog, submit) => {
  const form = dialog.querySelector('form');
  const complaint = dialog.querySelector('.form-error');
  const buttons = dialog.querySelectorAll('.action:not(.close)');
  let busy = false;

  const setBusy = (value) => {
    busy = value;
    for (const button of buttons) button.disabled = value;
  };

  dialog.querySelector('.close').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    complaint.textContent = '';
    const fields = new FormData(form);
    setBusy(true);
    try {
      await submit(fields, event.submitter?.value ?? '');
      form.reset();
      dialog.close();
    } catch (failure) {
      complaint.textContent = failure.message;
    } finally {
      setBusy(false);
    }
  });

  return {
    open: () => {
      complaint.textContent = '';
      dialog.showModal();
    },
  };
};
