"""What no reader's build needs: browsers, audits, measurements, setting up."""
