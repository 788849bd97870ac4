-- For an account that was set up before an object could change.
ALTER TABLE RAW.FILES ADD COLUMN IF NOT EXISTS has_earlier_content BOOLEAN;
