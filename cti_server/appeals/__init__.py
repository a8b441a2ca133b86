"""The pages of appeals: registered while talking, listed, and acted on."""
