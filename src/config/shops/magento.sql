SELECT o.increment_id AS order_reference,
       {provider:p.method} AS provider,
       o.grand_total AS amount,
       o.order_currency_code AS currency,
       CASE o.state
         WHEN 'new' THEN 'PENDING'
         WHEN 'pending_payment' THEN 'PENDING'
         WHEN 'payment_review' THEN 'PENDING'
         WHEN 'holded' THEN 'PENDING'
         WHEN 'processing' THEN 'FUNDED'
         WHEN 'complete' THEN 'FUNDED'
         WHEN 'closed' THEN 'CANCELLED'
         WHEN 'canceled' THEN 'CANCELLED'
         ELSE o.state
       END AS status,
       CONCAT(CONVERT_TZ(o.created_at, @@session.time_zone, '+00:00'), '+00:00') AS ordered_at,
       CASE WHEN o.total_refunded > 0 THEN o.total_refunded END AS cancelled_amount,
       (SELECT CONCAT(CONVERT_TZ(MAX(m.created_at), @@session.time_zone, '+00:00'), '+00:00')
          FROM {prefix}sales_creditmemo m
         WHERE m.order_id = o.entity_id) AS cancelled_at,
       CONCAT(CONVERT_TZ(o.updated_at, @@session.time_zone, '+00:00'), '+00:00') AS updated_at,
       p.last_trans_id AS transaction_id
  FROM {prefix}sales_order o
  JOIN {prefix}sales_order_payment p ON p.parent_id = o.entity_id
 WHERE o.grand_total > 0
   AND {methods:p.method}
   AND o.updated_at >= :since
